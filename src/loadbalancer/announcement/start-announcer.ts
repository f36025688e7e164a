import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Client } from "@fairlead/client/client";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import { type Running, running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import { POOL_ANNOTATION } from "../addresses/wish.ts";
import type { Announcers } from "../bgp/announcements.ts";
import { startBgpAnnouncer } from "../bgp/start-bgp-announcer.ts";
import { createAnswers } from "./answers.ts";
import { askedMachines } from "./asked-machines.ts";
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
  /** Default: nothing is counted. */
  readonly metrics?: Metrics;
  readonly log: Logger;
  readonly clock: Clock;
}

/**
 * Answers for the addresses of Services that this node is elected for, and announces by BGP those that have a peer. What it holds
 * stays for a while when it stops: another one takes it over. What it announces by BGP is withdrawn.
 */
export function startAnnouncer(options: AnnouncerOptions): Running {
  const { client, nodeName, world, log, clock, kernel = kernelAddresses, filter } = options;
  const common = { client, log, clock };
  const events = createEventRecorder({ ...common, component: "loadbalancer", host: nodeName });
  const holder = createAddressHolder({ kernel, log, clock });
  const reports = createReports(events, nodeName, clock);
  const closedPorts = filter && createClosedPorts(filter, { log, onDeleted: () => loop.wake() });
  const dirty = new Set<string>();
  const answers = createAnswers();
  const statuses = startL2Statuses({
    ...{ ...common, nodeName, isAnswering: answers.has },
    written: () => kinds.statuses(),
  });
  const liveness = startLiveness({ onChange: touchAll, clock, ...(options.look && { look: options.look }) });
  const machines = askedMachines(liveness);
  const owners = startOwnerWatch({
    ...{ kernel, log, clock },
    onOther: (address, other) =>
      withServices(answers.keysOf(address), (service) => reports.shared(service, address, other)),
  });
  const isAnyGiven = () => world.loadBalancers().some(isGiven);
  const kinds = kindsWhenGiven({
    ...{ ...common, nodeName, onChange: touchAll, onStatus: statuses.enqueue, isGiven: isAnyGiven },
  });
  const bgp = startBgpAnnouncer({
    ...{ ...common, nodeName, world, events, metrics: options.metrics, poolLabels: (name) => kinds.poolLabels(name) },
    onChange: touchAll,
    onAnnounced: (key) => withServices([key], (service) => reports.answers(service, "bgp")),
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
    const { advertisements, poolLabels } = kinds;
    const objects = { service, slices: world.slicesOf(key), nodes: world.nodes(), advertisements: advertisements() };
    const decision = machines.elect(key, (isAlive) => decide({ ...objects, nodeName, poolLabels, isAlive }));
    if (answers.note(key, decision)) statuses.enqueue(key);
    const byBgp = bgp.look(key, service);
    const why = decision.type === "none" ? whyNone(decision.why, byBgp) : undefined;
    const isMine = why !== undefined && isReporter(world.nodes(), nodeName);
    if (service !== undefined && isMine) reports.none(key, service, why);
    else reports.forget(key);
  }

  function withServices(keys: Iterable<string>, report: (service: Service) => void): void {
    for (const service of new Set([...keys].map(world.service))) if (service !== undefined) report(service);
  }

  async function hold(): Promise<void> {
    const { held, added, homeless } = await holder.apply(answers.wanted());
    owners.set(held);
    withServices(added.flatMap(answers.keysOf), (service) => reports.answers(service, "layer2"));
    for (const address of homeless) {
      withServices(answers.keysOf(address), (service) => reports.homeless(keyOf(service), service, address));
    }
  }

  async function turn(): Promise<number> {
    try {
      await kinds.ready();
      if (isAnyGiven()) await bgp.ready();
      const keys = new Set([...dirty, ...reports.dueKeys()]);
      dirty.clear();
      for (const key of keys) look(key);
      bgp.looked();
      machines.forgetOthers();
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
    await Promise.all([liveness, statuses, owners, kinds, bgp].map((part) => part.stop()));
    await events.stop();
  });
}

/** Where BGP announces the Service, or is to, what it says counts. */
function whyNone(byLayer2: string, byBgp: Announcers): string | undefined {
  return byBgp.type === "nothing" ? byLayer2 : byBgp.type === "none" ? byBgp.why : undefined;
}

function isGiven({ metadata }: Service): boolean {
  return metadata.annotations?.[POOL_ANNOTATION] !== undefined;
}

function keyOf({ metadata }: Service): string {
  return `${metadata.namespace}/${metadata.name}`;
}
