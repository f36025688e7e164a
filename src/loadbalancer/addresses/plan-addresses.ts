import type { Service } from "@fairlead/api/core/v1/service/service";
import type { RecordedEvent } from "@fairlead/client/events/event-recorder";
import type { Address } from "../pools/address.ts";
import { formatAddress, parseAddress } from "../pools/address.ts";
import type { PoolCustomer } from "../pools/pool.ts";
import { chooseAddresses, firstFree, holdingOf, type Supply } from "./choose-addresses.ts";
import type { Holding } from "./holdings.ts";
import { type AnnotationRule, chooseByAnnotations } from "./provider-annotations.ts";
import { quoted, type Wish, WishError, wishOf } from "./wish.ts";

/** What a Service's load balancer is to be, and what happened on the way. */
export interface AddressPlan {
  /** Undefined: it has no address. */
  readonly holding?: Holding;
  /** Says which of its annotations have no effect. */
  readonly note?: RecordedEvent;
  readonly events: readonly RecordedEvent[];
}

const NO_POOL = "the cluster has no address pool for load balancers";

export interface PlanSettings {
  /** What annotations of clouds mean. Default: nothing. */
  readonly rules?: readonly AnnotationRule[] | undefined;
  /** Why there may be no pools, for the event that says so. */
  readonly whyNone?: string | undefined;
}

/** Whether the Service wants addresses of these pools: it is no other load balancer's, and stays. */
export function wantsAddresses({ metadata, spec }: Service): boolean {
  return spec.type === "LoadBalancer" && spec.loadBalancerClass === undefined && !metadata.deletionTimestamp;
}

/**
 * Decides which addresses a Service has: those that it has, as long as it may have them; otherwise others.
 *
 * Events and their words are MetalLB's. (https://metallb.io/usage/)
 *
 * @param service - One that {@link wantsAddresses}.
 */
export function planAddresses(
  service: Service,
  supply: Supply,
  { rules = [], whyNone = NO_POOL }: PlanSettings = {},
): AddressPlan {
  const { metadata } = service;
  const key = `${metadata.namespace}/${metadata.name}`;
  if (supply.pools.length === 0) return failed(key, `${whyNone}. ${waysIn(service)}`);
  const customer = { namespace: metadata.namespace ?? "", labels: metadata.labels };
  const events: RecordedEvent[] = [];
  const names = new Set(supply.pools.map(({ name }) => name));
  const { note, pool } = chooseByAnnotations(metadata.annotations ?? {}, rules, names);
  const noted = note === undefined ? {} : { note };
  try {
    const wish: Wish = { ...(pool !== undefined && { pool }), ...wishOf(service) };
    const kept = keptHolding(service, wish, { customer, supply, events });
    if (kept !== undefined) return { holding: withBoth(kept, wish, supply, events), events, ...noted };
    const holding = chooseAddresses(wish, customer, supply);
    const event = normal("IPAllocated", `Assigned IP ${quoted(holding.addresses)}`);
    return { holding, events: [...events, event], ...noted };
  } catch (error) {
    if (!(error instanceof WishError)) throw error;
    return { events: [...events, ...failed(key, error.message).events], ...noted };
  }
}

/** Whether two lists have the same addresses, in any order. */
function areSame(one: readonly Address[], other: readonly Address[]): boolean {
  const names = (addresses: readonly Address[]) => addresses.map(formatAddress).toSorted().join();
  return names(one) === names(other);
}

/** The addresses in the Service's status, or chosen for it a moment ago, if it may keep them. */
function keptHolding(
  { status }: Service,
  wish: Wish,
  {
    customer,
    supply,
    events,
  }: { readonly customer: PoolCustomer; readonly supply: Supply; readonly events: RecordedEvent[] },
): Holding | undefined {
  const { claim } = wish;
  const written = (status.loadBalancer?.ingress ?? []).flatMap(({ ip = "" }) => parseAddress(ip) ?? []);
  const addresses = written.length > 0 ? written : (supply.holdings.of(claim.service)?.addresses ?? []);
  if (addresses.length === 0 || !areFamiliesOf(wish, addresses)) return undefined;
  try {
    const holding = holdingOf(addresses, claim, customer, supply);
    if (wish.pool !== undefined && wish.pool !== holding.pool) return undefined;
    if (wish.addresses !== undefined && !areSame(wish.addresses, addresses)) return undefined;
    return holding;
  } catch (error) {
    if (!(error instanceof WishError)) throw error;
    const current = `current IP for "${claim.service}" not allowed by config`;
    events.push(normal("ClearAssignment", `${current}, will attempt for new IP assignment: ${error.message}`));
    return undefined;
  }
}

function areFamiliesOf({ families, prefersBoth }: Wish, addresses: readonly Address[]): boolean {
  const present = new Set(addresses.map(({ family }) => family));
  if (present.size !== addresses.length || !addresses.every(({ family }) => families.includes(family))) return false;
  return prefersBoth || present.size === families.length;
}

/** Adds the address of the other family, where the Service would have both and its pool has one by now. */
function withBoth(
  kept: Holding,
  { claim, families, prefersBoth, addresses }: Wish,
  supply: Supply,
  events: RecordedEvent[],
): Holding {
  if (!prefersBoth || kept.addresses.length > 1 || addresses !== undefined) return kept;
  const missing = families.find((family) => kept.addresses.every((address) => address.family !== family));
  const pool = supply.pools.find(({ name }) => name === kept.pool);
  const added = missing && pool && firstFree(pool, missing, claim, supply.holdings);
  if (added === undefined) return kept;
  events.push(normal("IPAllocated", `Assigned additional IP "${formatAddress(added)}"`));
  const both = [...kept.addresses, added];
  return { ...kept, addresses: families.flatMap((family) => both.filter((address) => address.family === family)) };
}

function normal(reason: string, message: string): RecordedEvent {
  return { type: "Normal", reason, message };
}

function failed(key: string, problem: string): AddressPlan {
  const message = `Failed to allocate IP for "${key}": ${problem}`;
  return { events: [{ type: "Warning", reason: "AllocationFailed", message }] };
}

/** Says what works meanwhile, and what to do for more. */
function waysIn({ spec: { clusterIP, ports = [] } }: Service): string {
  const nodePorts = ports.flatMap(({ nodePort = 0 }) => (nodePort === 0 ? [] : [nodePort]));
  const inside = `Until an address is in its status it is reached at its cluster IP ${clusterIP}`;
  if (nodePorts.length === 0) return `${inside}; set spec.allocateLoadBalancerNodePorts to true to get node ports`;
  return `${inside} and at port ${nodePorts.join(", ")} of every node; use those, or type NodePort`;
}
