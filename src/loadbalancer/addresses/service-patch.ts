import type { Service } from "@fairlead/api/core/v1/service/service";
import { FINALIZER } from "@fairlead/api/well-known";
import { formatAddress } from "../pools/address.ts";
import type { Holding } from "./holdings.ts";
import { POOL_ANNOTATION } from "./wish.ts";

/**
 * Returns the merge patch of a Service's subresource `status` that gives it its addresses, or takes back what it was given.
 * Undefined where nothing is to change: what others have written to a Service that has got nothing here stays.
 *
 * The finalizer keeps a deleted Service until its addresses are free: no other one gets them before.
 */
export function servicePatch(service: Service, holding: Holding | undefined): object | undefined {
  const { metadata, status } = service;
  const { annotations = {}, finalizers = [], resourceVersion } = metadata;
  const isMarked = finalizers.includes(FINALIZER.loadBalancer);
  const isLeaving =
    metadata.deletionTimestamp !== undefined && isMarked && service.spec.loadBalancerClass === undefined;
  const wasGiven = annotations[POOL_ANNOTATION] !== undefined || isLeaving;
  const written = (status.loadBalancer?.ingress ?? []).map(({ ip }) => ip);
  const wanted = holding?.addresses.map(formatAddress) ?? [];
  const isRight =
    annotations[POOL_ANNOTATION] === holding?.pool &&
    isMarked === (holding !== undefined) &&
    sameTexts(written, wanted);
  if (isRight || (holding === undefined && !wasGiven)) return undefined;
  const others = finalizers.filter((name) => name !== FINALIZER.loadBalancer);
  return {
    metadata: {
      resourceVersion,
      annotations: { [POOL_ANNOTATION]: holding?.pool ?? null },
      finalizers: holding === undefined ? others : [...others, FINALIZER.loadBalancer],
    },
    status: { loadBalancer: { ingress: wanted.length === 0 ? null : wanted.map((ip) => ({ ip, ipMode: "VIP" })) } },
  };
}

function sameTexts(one: readonly (string | undefined)[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, at) => text === other[at]);
}
