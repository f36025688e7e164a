import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Endpoint, EndpointPort, EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { CacheKey } from "@fairlead/client/cache/cache";
import { isPodAnEndpoint } from "../service-pods/is-pod-an-endpoint.ts";
import {
  type AddressType,
  addressTypesOf,
  endpointIdentity,
  endpointPorts,
  portsKey,
  sameEndpoint,
  toEndpoint,
} from "./endpoint.ts";

/** Endpoints that may share slices: those of one address type and the same ports. */
export interface EndpointGroup {
  readonly addressType: AddressType;
  readonly ports: readonly EndpointPort[];
  /** Text of {@link ports}, by which slices of the group are recognised. */
  readonly portsKey: string;
  /** Pods with these ports, including those whose endpoint is left out. */
  readonly pods: Set<CacheKey>;
  /** Endpoints that the slices should have, by identity. */
  readonly wanted: Map<string, Endpoint>;
  /** Identities of wanted endpoints that are in no settled slice. */
  readonly unplaced: Set<string>;
}

/** A slice that was found to have exactly the wanted endpoints of its group that it should have. */
interface SettledSlice {
  readonly resourceVersion: string;
  readonly group: EndpointGroup;
  readonly identities: readonly string[];
}

/** The endpoint of one pod in one address type. */
interface PodEndpoint {
  readonly group: EndpointGroup;
  /** Absent where the pod has no address of the type, or its node is unknown. */
  readonly endpoint: Endpoint | undefined;
}

/**
 * The endpoints that one Service should have, and the slice in which each is.
 *
 * It is changed in place, pod by pod, so that a plan costs what changed since the last one and not what the Service has.
 * It is valid for one version of the Service.
 */
export interface ServiceEndpoints {
  readonly service: Service;
  readonly addressTypes: readonly AddressType[];
  /** The endpoints of each pod, in the order of {@link addressTypes}. */
  readonly pods: Map<CacheKey, readonly PodEndpoint[]>;
  /** By address type and ports. */
  readonly groups: Map<string, EndpointGroup>;
  /** By name. A settled slice has at least one endpoint. */
  readonly settled: Map<string, SettledSlice>;
  /** Name of the settled slice with the endpoint, by identity. */
  readonly holders: Map<string, string>;
  /** Nodes of pods that were left out because the node is unknown. */
  readonly missingNodes: Map<CacheKey, string>;
}

/** The endpoints of a Service without pods. */
export function emptyServiceEndpoints(service: Service): ServiceEndpoints {
  return {
    ...{ service, addressTypes: addressTypesOf(service), pods: new Map(), groups: new Map() },
    ...{ settled: new Map(), holders: new Map(), missingNodes: new Map() },
  };
}

/**
 * Puts a pod's endpoints in the place of those that it had.
 *
 * @param pod - A pod that the Service selects, in any phase; `undefined` for one that is gone or no longer selected.
 */
export function setPod(
  state: ServiceEndpoints,
  key: CacheKey,
  pod: Pod | undefined,
  node: (name: string) => Node | undefined,
): void {
  const before = state.pods.get(key) ?? [];
  state.missingNodes.delete(key);
  const isListed = pod !== undefined && isPodAnEndpoint(pod, { includeTerminating: true });
  const after = isListed ? endpointsOf(state, { key, pod, host: node(pod.spec.nodeName ?? "") }) : [];
  if (isListed) state.pods.set(key, after);
  else state.pods.delete(key);
  for (const i of state.addressTypes.keys()) replace(state, key, { before: before[i], after: after[i] });
}

/** Forgets where the slice's endpoints are: the next plan compares it with what is wanted. */
export function unsettle({ settled, holders }: ServiceEndpoints, name: string): void {
  const slice = settled.get(name);
  if (slice === undefined) return;
  settled.delete(name);
  const { wanted, unplaced } = slice.group;
  for (const identity of slice.identities) {
    holders.delete(identity);
    if (wanted.has(identity)) unplaced.add(identity);
  }
}

/** Notes that a slice was found to have the endpoints that it should have: plans pass over it until it or one of them changes. */
export function settle({ settled, holders }: ServiceEndpoints, group: EndpointGroup, slice: EndpointSlice): void {
  const { name, resourceVersion } = slice.metadata;
  const identities = slice.endpoints.map(endpointIdentity);
  settled.set(name, { resourceVersion, group, identities });
  for (const identity of identities) {
    holders.set(identity, name);
    group.unplaced.delete(identity);
  }
}

/** Unsettles slices that are not as they were found, or gone. */
export function unsettleChanged(state: ServiceEndpoints, slices: readonly EndpointSlice[]): void {
  const versions = new Map(slices.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
  for (const [name, { resourceVersion }] of state.settled) {
    if (versions.get(name) !== resourceVersion) unsettle(state, name);
  }
  // Another client may have put an endpoint into a second slice: the order of the slices says which one keeps it.
  for (const { metadata, endpoints } of slices) {
    if (state.settled.has(metadata.name)) continue;
    for (const endpoint of endpoints) {
      const holder = state.holders.get(endpointIdentity(endpoint));
      if (holder !== undefined) unsettle(state, holder);
    }
  }
}

function endpointsOf(
  state: ServiceEndpoints,
  { key, pod, host }: { readonly key: CacheKey; readonly pod: Pod; readonly host: Node | undefined },
): readonly PodEndpoint[] {
  const { service } = state;
  const ports = endpointPorts(pod, service);
  const isLeftOut = host === undefined && service.spec.publishNotReadyAddresses !== true;
  if (isLeftOut) state.missingNodes.set(key, pod.spec.nodeName ?? "");
  return state.addressTypes.map((addressType) => {
    const endpoint = isLeftOut ? undefined : toEndpoint(pod, service, { node: host, addressType });
    const hasAddress = endpoint !== undefined && endpoint.addresses.length > 0;
    return { group: groupOf(state, addressType, ports), endpoint: hasAddress ? endpoint : undefined };
  });
}

function groupOf(
  { groups }: ServiceEndpoints,
  addressType: AddressType,
  ports: readonly EndpointPort[],
): EndpointGroup {
  const key = portsKey(ports);
  const name = groupName(addressType, key);
  let group = groups.get(name);
  if (group === undefined) {
    const empty = { pods: new Set<CacheKey>(), wanted: new Map<string, Endpoint>(), unplaced: new Set<string>() };
    group = { addressType, ports, portsKey: key, ...empty };
    groups.set(name, group);
  }
  return group;
}

function groupName(addressType: AddressType, key: string): string {
  return `${addressType} ${key}`;
}

function replace(
  state: ServiceEndpoints,
  key: CacheKey,
  { before, after }: { readonly before: PodEndpoint | undefined; readonly after: PodEndpoint | undefined },
): void {
  const isUnchanged = before !== undefined && after !== undefined && isSame(before, after);
  if (before?.endpoint !== undefined && !isUnchanged) remove(state, before.group, before.endpoint);
  if (after !== undefined) {
    const { group, endpoint } = after;
    group.pods.add(key);
    if (endpoint !== undefined) {
      const identity = endpointIdentity(endpoint);
      group.wanted.set(identity, endpoint);
      if (!isUnchanged) group.unplaced.add(identity);
    }
  }
  if (before === undefined || before.group === after?.group) return;
  before.group.pods.delete(key);
  if (before.group.pods.size > 0) return;
  state.groups.delete(groupName(before.group.addressType, before.group.portsKey));
}

function isSame(a: PodEndpoint, b: PodEndpoint): boolean {
  if (a.group !== b.group || a.endpoint === undefined || b.endpoint === undefined) return false;
  return endpointIdentity(a.endpoint) === endpointIdentity(b.endpoint) && sameEndpoint(a.endpoint, b.endpoint);
}

function remove(state: ServiceEndpoints, { wanted, unplaced }: EndpointGroup, endpoint: Endpoint): void {
  const identity = endpointIdentity(endpoint);
  wanted.delete(identity);
  unplaced.delete(identity);
  const holder = state.holders.get(identity);
  if (holder !== undefined) unsettle(state, holder);
}
