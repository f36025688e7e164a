import type { Node } from "@fairlead/api/core/v1/node/node";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { LabelSelector } from "@fairlead/api/meta/v1/label-selector";
import { labelSelectorMatches } from "@fairlead/api/selectors/label-selector";
import type { Labels } from "@fairlead/api/selectors/requirement";
import { LABEL } from "@fairlead/api/well-known";

/** The pools that an advertisement is for. */
export interface PoolSelection {
  readonly ipAddressPools?: readonly string[];
  readonly ipAddressPoolSelectors?: readonly LabelSelector[];
}

/** Endpoints that serve, also while they end. */
export function readyEndpoints(slices: readonly EndpointSlice[]): NonNullable<EndpointSlice["endpoints"]> {
  return slices.flatMap(({ endpoints = [] }) =>
    endpoints.filter(({ conditions }) => conditions?.serving ?? conditions?.ready ?? true),
  );
}

/** Whether packets for load balancers may come to the node. */
export function isAbleToAnnounce({ metadata, status }: Node): boolean {
  if (metadata.labels?.[LABEL.excludeFromBalancers] !== undefined) return false;
  return !(status.conditions ?? []).some(({ type, status: is }) => type === "NetworkUnavailable" && is === "True");
}

/** Whether an advertisement is for a pool. One that selects none is for all. */
export function selectsPool(
  { ipAddressPools = [], ipAddressPoolSelectors = [] }: PoolSelection,
  { name, labels }: { readonly name: string; readonly labels: Labels | undefined },
): boolean {
  if (ipAddressPools.length + ipAddressPoolSelectors.length === 0) return true;
  return ipAddressPools.includes(name) || ipAddressPoolSelectors.some((one) => labelSelectorMatches(one, labels));
}

/** Whether one of the selectors matches. Without selectors everything matches. */
export function matchesOne(selectors: readonly LabelSelector[] = [], labels: Labels | undefined): boolean {
  return selectors.length === 0 || selectors.some((selector) => labelSelectorMatches(selector, labels));
}
