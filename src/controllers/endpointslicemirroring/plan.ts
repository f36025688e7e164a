import type {
  EndpointAddress,
  EndpointPort,
  EndpointSubset,
  Endpoints,
} from "@fairlead/api/core/v1/endpoints/endpoints";
import type { Endpoint, EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Draft } from "@fairlead/api/schema";
import { ANNOTATION, LABEL } from "@fairlead/api/well-known";
import { isIPv6 } from "@fairlead/lib/ip-family";
import { endpointIdentity, portsKey, sameEndpoint } from "../endpointslice/endpoint.ts";
import type { SliceChange } from "../endpointslice/pack.ts";
import { LAST_CHANGE_TRIGGER_TIME } from "../service-pods/trigger-time.ts";

/** What the label {@link LABEL.managedByOfSlice} of mirrored slices says. */
export const CONTROLLER_NAME = "endpointslicemirroring-controller.k8s.io";
/** Endpoints with this annotation are a lock of old clients, not addresses. */
const LEADER = "control-plane.alpha.kubernetes.io/leader";
/** Most addresses of one subset that are mirrored. */
const ADDRESSES_PER_SUBSET_MAX = 1000;

/** Whether these Endpoints are of the kind that is mirrored, going by themselves alone. */
export function isMirrored({ metadata: { labels = {}, annotations = {} } }: Endpoints): boolean {
  return labels[LABEL.skipMirror] !== "true" && annotations[LEADER] === undefined;
}

/**
 * The slice writes that make the mirrored slices say what the Endpoints say: one slice per subset and address family.
 *
 * @param slices - The slices mirrored from Endpoints of that name.
 */
export function planMirroredSlices(endpoints: Endpoints, slices: readonly EndpointSlice[]): readonly SliceChange[] {
  const wanted = wantedSlices(endpoints);
  const byKey = Map.groupBy(slices, keyOf);
  const free = [...byKey].flatMap(([key, same]) => (wanted.has(key) ? [] : same));
  const changes: SliceChange[] = [];
  for (const [key, slice] of wanted) {
    const [current, ...duplicates] = byKey.get(key) ?? [];
    changes.push(...duplicates.map((s) => ({ verb: "delete", slice: s }) as const));
    if (current !== undefined && isAsWanted(current, slice)) continue;
    const target = current ?? takeOfType(free, slice.addressType);
    // A complete slice with all its contents replaced stays complete.
    if (target !== undefined) changes.push({ verb: "update", slice: replaced(target, slice) });
    else if (endpoints.metadata.deletionTimestamp === undefined) changes.push({ verb: "create", slice });
  }
  return [...changes, ...free.map((slice) => ({ verb: "delete", slice }) as const)];
}

type WantedSlice = Draft<EndpointSlice> &
  Pick<EndpointSlice, "addressType" | "ports"> & { readonly endpoints: Endpoint[] };

function wantedSlices(endpoints: Endpoints): Map<string, WantedSlice> {
  const wanted = new Map<string, WantedSlice>();
  for (const subset of endpoints.subsets ?? []) {
    for (const addressType of ["IPv4", "IPv6"] as const) {
      const slice: WantedSlice = {
        ...sliceHead(endpoints),
        addressType,
        ports: (subset.ports ?? []).map(slicePort),
        endpoints: endpointsOf(subset, addressType === "IPv6"),
      };
      if (slice.endpoints.length === 0) continue;
      const key = keyOf(slice);
      const same = wanted.get(key);
      if (same === undefined) wanted.set(key, slice);
      else for (const endpoint of slice.endpoints) same.endpoints.push(endpoint);
    }
  }
  return wanted;
}

function sliceHead({ metadata }: Endpoints): Draft<EndpointSlice> {
  const { [ANNOTATION.lastApplied]: _a, [LAST_CHANGE_TRIGGER_TIME]: _t, ...annotations } = metadata.annotations ?? {};
  const { name, namespace, uid } = metadata;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: { ...metadata.labels, [LABEL.serviceName]: name, [LABEL.managedByOfSlice]: CONTROLLER_NAME },
      annotations,
      ownerReferences: [{ apiVersion: "v1", kind: "Endpoints", name, uid, controller: true, blockOwnerDeletion: true }],
    },
  };
}

function endpointsOf(subset: EndpointSubset, wantsIPv6: boolean): Endpoint[] {
  const listed = [
    ...(subset.addresses ?? []).map((address) => toEndpoint(address, true)),
    ...(subset.notReadyAddresses ?? []).map((address) => toEndpoint(address, false)),
  ];
  return listed.slice(0, ADDRESSES_PER_SUBSET_MAX).filter((e) => isIPv6(e.addresses[0] ?? "") === wantsIPv6);
}

function toEndpoint({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(targetRef !== undefined && { targetRef }),
    ...(nodeName !== undefined && { nodeName }),
  };
}

function slicePort({ name = "", port, protocol, appProtocol }: EndpointPort): EndpointSlice["ports"][number] {
  return { name, port, protocol, ...(appProtocol !== undefined && { appProtocol }) };
}

const keyOf = (slice: Pick<EndpointSlice, "addressType" | "ports">) => `${slice.addressType} ${portsKey(slice.ports)}`;

function takeOfType(slices: EndpointSlice[], addressType: string): EndpointSlice | undefined {
  const index = slices.findIndex((slice) => slice.addressType === addressType);
  return index < 0 ? undefined : slices.splice(index, 1)[0];
}

function replaced(target: EndpointSlice, wanted: WantedSlice): EndpointSlice {
  const { labels, annotations, ownerReferences } = wanted.metadata ?? {};
  const metadata = { ...target.metadata, labels, annotations, ownerReferences } as EndpointSlice["metadata"];
  return { ...target, metadata, endpoints: wanted.endpoints, ports: wanted.ports };
}

function isAsWanted(current: EndpointSlice, wanted: WantedSlice): boolean {
  const byIdentity = new Map(current.endpoints.map((e) => [endpointIdentity(e), e]));
  const isSame = (e: Endpoint) => {
    const there = byIdentity.get(endpointIdentity(e));
    return there !== undefined && sameEndpoint(there, e);
  };
  return (
    current.endpoints.length === wanted.endpoints.length &&
    wanted.endpoints.every(isSame) &&
    sameMap(current.metadata.labels, wanted.metadata?.labels) &&
    sameMap(current.metadata.annotations, wanted.metadata?.annotations) &&
    current.metadata.ownerReferences?.[0]?.uid === wanted.metadata?.ownerReferences?.[0]?.uid
  );
}

function sameMap(a: Readonly<Record<string, string | undefined>> = {}, b: typeof a = {}): boolean {
  const names = Object.keys(b);
  return names.length === Object.keys(a).length && names.every((name) => a[name] === b[name]);
}
