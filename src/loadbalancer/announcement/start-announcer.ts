import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Client } from "@fairlead/client/client";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { type Running, running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import { POOL_ANNOTATION } from "../addresses/wish.ts";
import { createAnswers } from "./answers.ts";
import { createClosedPorts, type PacketFilter } from "./closed-ports/keep-closed.ts";
import { addressesOfPools } from "./closed-ports/ruleset.ts";
import { decide, isReporter } from "./decide.ts";
import { createAddressHolder } from "./hold-addresses.ts";
import { type KernelAddresses, kernelAddresses } from "./kernel-addresses.ts";
import { kindsWhenGiven } from "./kinds-when-given.ts";
import { startL2Statuses } from "./l2-statuses.ts";
import { type Look, startLiveness } from "./liveness.ts";
import { createReports } from "./reports.ts";
import { startOwnerWatch } from "./watch-owners.ts";
import type { AnnouncerWorld } from "./world.ts";

/** Pause before what failed is tried again, in milliseconds. */
const AGAIN_MS = 1_000;

export interface AnnouncerOptions {
  /** See the role `system:fairlead:announcer`. */
  readonly client: Client;
  readonly nodeName: string;
  readonly world: AnnouncerWorld;
  /** Default: those of this process's network namespace. */
  readonly kernel?: KernelAddresses;
  /** Default: ports without a Service stay open at the addresses. */
  readonly filter?: PacketFilter;
  /** Default: a TCP connection. */
  readonly look?: Look;
  readonly log: Logger;
  readonly clock: Clock;
}

/**
 * Answers for the addresses of Services that this node is elected for. What it holds stays for a while when it stops: another
 * one takes it over.
 */
export function startAnnouncer(options: AnnouncerOptions): Running {
  const { client, nodeName, world, log, clock } = options;
  const common = { client, log, clock };
  const events = createEventRecorder({ ...common, component: "loadbalancer", host: nodeName });
  const { kernel = kernelAddresses, filter } = options;
  const holder = createAddressHolder({ kernel, log, clock });
  const reports = createReports(events, nodeName, clock);
  const closedPorts = filter && createClosedPorts(filter, { log, onDeleted: () => loop.wake() });
  const dirty = new Set<string>();
  const answers = createAnswers();
  /** Machines that a Service's election has asked for, by Service. */
  const askedFor = new Map<string, ReadonlySet<string>>();
  const statuses = startL2Statuses({
    ...{ ...common, nodeName, isAnswering: answers.has },
    written: () => kinds.statuses(),
  });
  const liveness = startLiveness({ onChange: touchAll, clock, ...(options.look && { look: options.look }) });
  const owners = startOwnerWatch({
    ...{ kernel, log, clock },
    onOther: (address, other) =>
      withServices(answers.keysOf(address), (service) => reports.shared(service, address, other)),
  });
  const kinds = kindsWhenGiven({
    ...{ ...common, nodeName, onChange: touchAll, onStatus: statuses.enqueue },
    isGiven: () => world.loadBalancers().some(isGiven),
  });

  function touch(keys: Iterable<string>): void {
    for (const key of keys) dirty.add(key);
    loop.wake();
  }

  function touchAll(): void {
    touch(world.loadBalancers().map(keyOf));
  }

  function look(key: string): void {
    const service = world.service(key);
    const asked = new Set<string>();
    const isAlive = (address: string) => {
      asked.add(address);
      return liveness.isAlive(address);
    };
    const { advertisements, poolLabels } = kinds;
    const objects = { service, slices: world.slicesOf(key), nodes: world.nodes(), advertisements: advertisements() };
    const decision = decide({ ...objects, nodeName, poolLabels, isAlive });
    if (asked.size > 0) askedFor.set(key, asked);
    else askedFor.delete(key);
    if (answers.note(key, decision)) statuses.enqueue(key);
    const isMine = decision.type === "none" && isReporter(world.nodes(), nodeName);
    if (service !== undefined && isMine) reports.none(key, service, decision.why);
    else reports.forget(key);
  }

  function withServices(keys: Iterable<string>, report: (service: Service) => void): void {
    for (const key of keys) {
      const service = world.service(key);
      if (service !== undefined) report(service);
    }
  }

  async function hold(): Promise<void> {
    const { held, added, homeless } = await holder.apply(answers.wanted());
    owners.set(held);
    withServices(new Set(added.flatMap((address) => answers.keysOf(address))), reports.answers);
    for (const address of homeless) {
      withServices(answers.keysOf(address), (service) => reports.homeless(keyOf(service), service, address));
    }
  }

  async function turn(): Promise<number> {
    try {
      await kinds.ready();
      const keys = new Set([...dirty, ...reports.dueKeys()]);
      dirty.clear();
      for (const key of keys) look(key);
      liveness.keepOnly(new Set([...askedFor.values()].flatMap((asked) => [...asked])));
      await closedPorts?.apply(addressesOfPools(world.loadBalancers(), world.nodes()));
      await hold();
      return Math.min(holder.renewsInMs(), reports.dueInMs());
    } catch (error) {
      log.warn("Cannot answer for load balancers' addresses: trying again", { error });
      for (const key of answers.keys()) dirty.add(key);
      return AGAIN_MS;
    }
  }

  const loop = startLoop({ turn, ready: world.synced, clock });
  world.onChange(touch);
  world.onNodesChange(touchAll);
  return running(async () => {
    await loop.stop();
    await Promise.all([liveness, statuses, owners, events, kinds].map((part) => part.stop()));
  });
}

function isGiven({ metadata }: Service): boolean {
  return metadata.annotations?.[POOL_ANNOTATION] !== undefined;
}

function keyOf({ metadata }: Service): string {
  return `${metadata.namespace}/${metadata.name}`;
}
