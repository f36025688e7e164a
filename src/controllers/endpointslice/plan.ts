import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Endpoint, EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Draft } from "@fairlead/api/schema";
import { isPodAnEndpoint } from "../service-pods/is-pod-an-endpoint.ts";
import { LAST_CHANGE_TRIGGER_TIME } from "../service-pods/trigger-time.ts";
import { type AddressType, addressTypesOf, portsKey } from "./endpoint.ts";
import { podEndpoint } from "./known-endpoints.ts";
import { type EndpointGroup, packGroup, type SliceChange } from "./pack.ts";
import { newSlice, ownedBy, sameLabels, sliceLabels } from "./slice.ts";

/** Everything the plan may depend on. */
export interface EndpointSliceInputs {
  readonly service: Service;
  /** Pods that the Service selects, in any phase. */
  readonly pods: readonly Pod[];
  /** Slices of this controller with the Service's name. */
  readonly slices: readonly EndpointSlice[];
  node(name: string): Node | undefined;
  /** Most endpoints that one slice may hold. Upstream's default is 100. */
  readonly endpointsMax: number;
  /** For the annotation that network programming latency is measured from. */
  readonly triggerTime: string | undefined;
}

/** The writes, in order, and what they had to leave out. */
export interface EndpointSlicePlan {
  readonly changes: readonly SliceChange[];
  /** Nodes that pods are on and that are not known: their pods were left out, and the plan is to be made again. */
  readonly missingNodes: readonly string[];
}

/**
 * Works out the fewest slice writes that make the Service's slices match its pods.
 *
 * Pure: same inputs, same changes, and no change at all once they have been applied.
 */
export function planEndpointSlices(inputs: EndpointSliceInputs): EndpointSlicePlan {
  const types = addressTypesOf(inputs.service);
  const missingNodes = new Set<string>();
  const perType = types.map((type) => planForType(inputs, type, missingNodes));
  const unsupported = inputs.slices.filter((slice) => !types.includes(slice.addressType));
  const changes = [...perType.flat(), ...unsupported.map((slice): SliceChange => ({ verb: "delete", slice }))];
  return {
    changes: changes
      // A Service on its way out gets no new slices: they would be made while the garbage collector removes the old.
      .filter(({ verb }) => verb !== "create" || inputs.service.metadata.deletionTimestamp === undefined)
      .map((change) => annotated(change, inputs.triggerTime)),
    missingNodes: [...missingNodes],
  };
}

function planForType(
  inputs: EndpointSliceInputs,
  addressType: AddressType,
  missing: Set<string>,
): readonly SliceChange[] {
  const { service, endpointsMax } = inputs;
  const existing = inputs.slices.filter((slice) => slice.addressType === addressType);
  const own = existing.filter((slice) => ownedBy(slice, service));
  const foreign = existing.filter((slice) => !ownedBy(slice, service));
  const groups = groupByPorts(inputs, addressType, missing);

  const packed = [...groups].flatMap(([key, group]) =>
    packGroup(service, group, { slices: own.filter((slice) => portsKey(slice.ports) === key), endpointsMax }),
  );
  const unwanted = own.filter((slice) => !groups.has(portsKey(slice.ports)));
  const changes: SliceChange[] = [
    ...packed,
    ...[...unwanted, ...foreign].map((slice) => ({ verb: "delete", slice }) as const),
  ];
  return reuseDeleted(service, withPlaceholder(service, { changes, existing, addressType }));
}

function groupByPorts(
  { service, pods, node }: EndpointSliceInputs,
  addressType: AddressType,
  missing: Set<string>,
): Map<string, EndpointGroup> {
  const groups = new Map<string, EndpointGroup & { readonly endpoints: Endpoint[] }>();
  for (const pod of pods) {
    if (!isPodAnEndpoint(pod, { includeTerminating: true })) continue;
    const nodeName = pod.spec.nodeName ?? "";
    const host = node(nodeName);
    const { ports, portsKey: key, endpoint } = podEndpoint(pod, service, { node: host, addressType });
    const group = groups.get(key) ?? { addressType, ports, endpoints: [] };
    groups.set(key, group);

    if (host === undefined && service.spec.publishNotReadyAddresses !== true) {
      missing.add(nodeName);
      continue;
    }
    if (endpoint.addresses.length > 0) group.endpoints.push(endpoint);
  }
  return groups;
}

/** A Service always has a slice, if need be an empty one: without a slice the Service would seem not synced yet. */
function withPlaceholder(
  service: Service,
  {
    changes,
    existing,
    addressType,
  }: { changes: readonly SliceChange[]; existing: readonly EndpointSlice[]; addressType: AddressType },
): readonly SliceChange[] {
  const deleted = changes.filter((change) => change.verb === "delete");
  if (deleted.length < existing.length || changes.some(({ verb }) => verb === "create")) return changes;
  const [only] = deleted;
  if (deleted.length === 1 && only !== undefined && isPlaceholder(only.slice, service)) {
    return changes.filter((change) => change !== only);
  }
  return [...changes, { verb: "create", slice: newSlice(service, { addressType, ports: [] }, []) }];
}

function isPlaceholder(slice: EndpointSlice, service: Service): boolean {
  const isEmpty = slice.endpoints.length === 0 && slice.ports.length === 0;
  return isEmpty && ownedBy(slice, service) && sameLabels(slice.metadata, sliceLabels(service));
}

/** Writes what would be created over what would be deleted: one write instead of two, and no moment without either. */
function reuseDeleted(service: Service, changes: readonly SliceChange[]): readonly SliceChange[] {
  const free = changes.flatMap((c) => (c.verb === "delete" && ownedBy(c.slice, service) ? [c.slice] : []));
  const reused = new Set<EndpointSlice>();
  const rewritten = changes.map((change): SliceChange => {
    const slice = change.verb === "create" ? free.shift() : undefined;
    if (change.verb !== "create" || slice === undefined) return change;
    reused.add(slice);
    return { verb: "update", slice: overwritten(slice, change.slice) };
  });
  return rewritten.filter((change) => change.verb !== "delete" || !reused.has(change.slice));
}

function overwritten(slice: EndpointSlice, wanted: Draft<EndpointSlice>): EndpointSlice {
  // `wanted` was made by newSlice, so that what is taken from it is complete.
  const { endpoints, ports, metadata } = wanted as EndpointSlice;
  return { ...slice, metadata: { ...slice.metadata, labels: metadata.labels }, endpoints, ports };
}

function annotated(change: SliceChange, time: string | undefined): SliceChange {
  if (change.verb === "delete") return change;
  const { [LAST_CHANGE_TRIGGER_TIME]: _, ...others } = change.slice.metadata?.annotations ?? {};
  const annotations = { ...others, ...(time !== undefined && { [LAST_CHANGE_TRIGGER_TIME]: time }) };
  // Adding annotations leaves a complete slice complete.
  return { ...change, slice: { ...change.slice, metadata: { ...change.slice.metadata, annotations } } } as SliceChange;
}
