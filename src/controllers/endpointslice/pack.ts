import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Endpoint, EndpointPort, EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Draft } from "@fairlead/api/schema";
import { type AddressType, endpointIdentity, sameEndpoint } from "./endpoint.ts";
import { newSlice, sameLabels, sliceLabels } from "./slice.ts";

/** One write. An updated slice is whole, with the resource version that it was read with. */
export type SliceChange =
  | { readonly verb: "create"; readonly slice: Draft<EndpointSlice> }
  | { readonly verb: "update"; readonly slice: EndpointSlice }
  | { readonly verb: "delete"; readonly slice: EndpointSlice };

/** Endpoints that may share slices: those of one address type and the same ports. */
export interface EndpointGroup {
  readonly addressType: AddressType;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

interface Kept {
  readonly slice: EndpointSlice;
  readonly endpoints: Endpoint[];
  changed: boolean;
}

/**
 * Puts a group's endpoints into slices with the fewest writes.
 *
 * An endpoint stays in the slice it is in. What is new fills slices that change anyway, the fullest first; then one
 * slice that takes all the rest and is nearest to full with it; only then are slices made.
 */
export function packGroup(
  service: Service,
  group: EndpointGroup,
  { slices, endpointsMax }: { readonly slices: readonly EndpointSlice[]; readonly endpointsMax: number },
): readonly SliceChange[] {
  const waiting = new Map(group.endpoints.map((endpoint) => [endpointIdentity(endpoint), endpoint]));
  const labels = sliceLabels(service);
  const kept = slices.map((slice): Kept => keep(slice, waiting, labels));
  const rest = [...waiting.values()];

  const changing = kept.filter((k) => k.changed && k.endpoints.length > 0);
  for (const k of changing.sort((a, b) => b.endpoints.length - a.endpoints.length)) {
    k.endpoints.push(...rest.splice(0, Math.max(0, endpointsMax - k.endpoints.length)));
  }
  const roomy = fullestWithRoom(kept, rest.length, endpointsMax);
  if (roomy !== undefined) {
    roomy.endpoints.push(...rest.splice(0));
    roomy.changed = true;
  }
  return [
    ...chunks(rest, endpointsMax).map(
      (endpoints): SliceChange => ({ verb: "create", slice: newSlice(service, group, endpoints) }),
    ),
    ...kept.filter((k) => k.changed).map((k) => write(k, labels)),
  ];
}

/** Returns the endpoints of the slice that are still wanted, in their wanted form, and takes them out of `waiting`. */
function keep(slice: EndpointSlice, waiting: Map<string, Endpoint>, labels: Readonly<Record<string, string>>): Kept {
  let changed = !sameLabels(slice.metadata, labels);
  const endpoints: Endpoint[] = [];
  for (const current of slice.endpoints) {
    const identity = endpointIdentity(current);
    const wanted = waiting.get(identity);
    waiting.delete(identity);
    if (wanted !== undefined) endpoints.push(wanted);
    if (wanted === undefined || !sameEndpoint(wanted, current)) changed = true;
  }
  return { slice, endpoints, changed };
}

function fullestWithRoom(kept: readonly Kept[], count: number, endpointsMax: number): Kept | undefined {
  if (count === 0) return undefined;
  const fitting = kept.filter((k) => !k.changed && k.endpoints.length + count <= endpointsMax);
  return fitting.reduce<Kept | undefined>(
    (best, k) => (best === undefined || k.endpoints.length > best.endpoints.length ? k : best),
    undefined,
  );
}

function write({ slice, endpoints }: Kept, labels: Readonly<Record<string, string>>): SliceChange {
  if (endpoints.length === 0) return { verb: "delete", slice };
  return { verb: "update", slice: { ...slice, metadata: { ...slice.metadata, labels }, endpoints } };
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
