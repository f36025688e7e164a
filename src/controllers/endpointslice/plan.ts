import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Draft } from "@fairlead/api/schema";
import { LAST_CHANGE_TRIGGER_TIME } from "../service-pods/trigger-time.ts";
import { type AddressType, portsKey } from "./endpoint.ts";
import { packGroup, type SliceChange } from "./pack.ts";
import { type ServiceEndpoints, unsettleChanged } from "./service-endpoints.ts";
import { newSlice, ownedBy, sameLabels, sliceLabels } from "./slice.ts";

/** Everything the plan depends on beside the Service and its pods. */
export interface EndpointSliceInputs {
  /** Slices of this controller with the Service's name. */
  readonly slices: readonly EndpointSlice[];
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
 * Pure but for `state`, in which it notes the slices that are right: the same pods and slices give the same changes, whatever
 * plans were made before, and no change at all once they have been applied. Costs what changed since the last plan, and a little
 * for each slice.
 */
export function planEndpointSlices(state: ServiceEndpoints, inputs: EndpointSliceInputs): EndpointSlicePlan {
  const { service, addressTypes: types } = state;
  unsettleChanged(state, inputs.slices);
  const perType = types.map((type) => planForType(state, type, inputs));
  const unsupported = inputs.slices.filter((slice) => !types.includes(slice.addressType));
  const changes = [...perType.flat(), ...unsupported.map((slice): SliceChange => ({ verb: "delete", slice }))];
  return {
    changes: changes
      // A Service on its way out gets no new slices: they would be made while the garbage collector removes the old.
      .filter(({ verb }) => verb !== "create" || service.metadata.deletionTimestamp === undefined)
      .map((change) => annotated(change, inputs.triggerTime)),
    missingNodes: [...new Set(state.missingNodes.values())],
  };
}

function planForType(
  state: ServiceEndpoints,
  addressType: AddressType,
  { slices, endpointsMax }: EndpointSliceInputs,
): readonly SliceChange[] {
  const { service } = state;
  const existing = slices.filter((slice) => slice.addressType === addressType);
  const groups = [...state.groups.values()]
    .filter((group) => group.addressType === addressType)
    .sort((a, b) => (a.portsKey < b.portsKey ? -1 : 1));
  const { byPorts, foreign } = sorted(state, existing);

  const packed = groups.flatMap((group) => {
    const ofGroup = byPorts.get(group.portsKey) ?? [];
    byPorts.delete(group.portsKey);
    return packGroup(state, group, { slices: ofGroup, endpointsMax });
  });
  const unwanted = [...byPorts.values()].flat();
  const changes: SliceChange[] = [
    ...packed,
    ...[...unwanted, ...foreign].map((slice) => ({ verb: "delete", slice }) as const),
  ];
  return reuseDeleted(service, withPlaceholder(service, { changes, existing, addressType }));
}

/** The Service's own slices by their ports, and those of an earlier Service of the same name. */
function sorted({ service, settled }: ServiceEndpoints, slices: readonly EndpointSlice[]) {
  const byPorts = new Map<string, EndpointSlice[]>();
  const foreign: EndpointSlice[] = [];
  for (const slice of slices) {
    const known = settled.get(slice.metadata.name);
    if (known === undefined && !ownedBy(slice, service)) {
      foreign.push(slice);
      continue;
    }
    const key = known?.group.portsKey ?? portsKey(slice.ports);
    const same = byPorts.get(key);
    if (same === undefined) byPorts.set(key, [slice]);
    else same.push(slice);
  }
  return { byPorts, foreign };
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
