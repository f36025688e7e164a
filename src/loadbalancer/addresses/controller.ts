import type { Service } from "@fairlead/api/core/v1/service/service";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import type { Cache } from "@fairlead/client/cache/cache";
import type { Client } from "@fairlead/client/client";
import { type KeySource, keysFrom, startController } from "@fairlead/client/controller/run-controller";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import { ifThere } from "@fairlead/client/if-there";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import type { Running } from "@fairlead/lib/running";
import { parseAddress } from "../pools/address.ts";
import type { FollowedPools } from "../pools/follow-pools.ts";
import { holdingOf } from "./choose-addresses.ts";
import { createHoldings, type Holding, type Holdings } from "./holdings.ts";
import { type AddressPlan, type PlanSettings, planAddresses, wantsAddresses } from "./plan-addresses.ts";
import { servicePatch } from "./service-patch.ts";
import { WishError, wishOf } from "./wish.ts";

export interface AddressControllerOptions {
  readonly client: Client;
  readonly services: Cache<Service>;
  readonly pools: FollowedPools;
  /** Returns how a Service is planned now. */
  readonly settings: () => PlanSettings;
  /** What changes the settings. Default: nothing. @param keys - The keys that each change gives. */
  readonly settingsChanges?: (keys: () => Iterable<string>) => readonly KeySource[];
  readonly events: EventRecorder;
  /** Called with the names of pools of which addresses were taken or given back. */
  readonly onTaken: (pools: readonly string[]) => void;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Gives Services of type LoadBalancer their addresses. Keys are Services. */
export function startAddressController(options: AddressControllerOptions): Running & { readonly holdings: Holdings } {
  const { client, services, pools, events, onTaken } = options;
  const holdings = createHoldings();
  /** The events of each Service that waits, by key: a Service changes often, and gets each event once. */
  const recorded = new Map<string, Set<string>>();
  /** The last note of each Service, by key. */
  const noted = new Map<string, string>();
  let hasLookedRound = false;

  function* customers(): Iterable<string> {
    for (const { metadata, spec } of services.list()) {
      if (spec.type === "LoadBalancer") yield `${metadata.namespace}/${metadata.name}`;
    }
  }

  /** Before anything is given out, it has to be known who has what. */
  function lookRound(): void {
    if (hasLookedRound) return;
    hasLookedRound = true;
    const byAge = services.list().toSorted((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1));
    for (const service of byAge) {
      const held = wantsAddresses(service)
        ? writtenHolding(service, { pools: pools.current().pools, holdings })
        : undefined;
      if (held === undefined) continue;
      holdings.take(held);
      // It was recorded when the address was given.
      noted.set(held.service, planned(service).note?.message ?? "");
    }
  }

  async function reconcile(key: string, signal: AbortSignal): Promise<undefined> {
    lookRound();
    const service = services.get(key);
    const before = holdings.of(key);
    const plan = service === undefined || !wantsAddresses(service) ? undefined : planned(service);
    if (plan?.holding === undefined) holdings.release(key);
    else holdings.take(plan.holding);
    if (service !== undefined && plan !== undefined) record(key, service, plan);
    else for (const known of [recorded, noted]) known.delete(key);
    noteTaken(key, before, plan?.holding);
    const patch = service && servicePatch(service, plan?.holding);
    if (service === undefined || patch === undefined) return;
    const { namespace, name } = service.metadata;
    await ifThere(client.patch(serviceKind, { namespace, name }, "merge", patch, { subresource: "status", signal }));
  }

  function planned(service: Service): AddressPlan {
    return planAddresses(service, { pools: pools.current().pools, holdings }, options.settings());
  }

  function record(key: string, service: Service, { events: happened, holding, note }: AddressPlan): void {
    if (note !== undefined && noted.get(key) !== note.message) events.record(service, note);
    noted.set(key, note?.message ?? "");
    const known = recorded.get(key) ?? new Set();
    for (const event of happened) {
      const text = `${service.metadata.uid} ${event.reason} ${event.message}`;
      if (!known.has(text)) events.record(service, event);
      known.add(text);
    }
    if (holding === undefined) recorded.set(key, known);
    else recorded.delete(key);
  }

  /** Others may be waiting for what one gives back. */
  function noteTaken(key: string, before: Holding | undefined, after: Holding | undefined): void {
    if (before === after || (before && after && isSame(before, after))) return;
    onTaken([before, after].flatMap((holding) => holding?.pool ?? []));
    if (before === undefined) return;
    for (const other of customers()) if (other !== key && holdings.of(other) === undefined) controller.enqueue(other);
  }

  const controller = startController({
    name: "loadbalancer",
    sources: [keysFrom(services), ...pools.changes(customers), ...(options.settingsChanges?.(customers) ?? [])],
    reconcile,
    log: options.log,
    clock: options.clock,
    metrics: options.metrics,
  });
  return { holdings, stop: controller.stop, [Symbol.asyncDispose]: controller[Symbol.asyncDispose] };
}

/** What the status of a Service says that it has, if it may have it. */
function writtenHolding(service: Service, supply: Parameters<typeof holdingOf>[3]): Holding | undefined {
  const addresses = (service.status.loadBalancer?.ingress ?? []).flatMap(({ ip = "" }) => parseAddress(ip) ?? []);
  if (addresses.length === 0) return undefined;
  const { namespace = "", labels } = service.metadata;
  try {
    return holdingOf(addresses, wishOf(service).claim, { namespace, labels }, supply);
  } catch (error) {
    if (error instanceof WishError) return undefined;
    throw error;
  }
}

function isSame(one: Holding, other: Holding): boolean {
  const text = ({ pool, addresses, ports, key }: Holding) =>
    [pool, key.sharing, key.backend, ...ports, ...addresses.map(({ value }) => value)].join("\n");
  return text(one) === text(other);
}

function ageOf({ metadata }: Service): string {
  return `${metadata.creationTimestamp} ${metadata.namespace}/${metadata.name}`;
}
