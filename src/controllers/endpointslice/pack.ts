import type { Endpoint, EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Draft } from "@fairlead/api/schema";
import { endpointIdentity, sameEndpoint } from "./endpoint.ts";
import { type EndpointGroup, type ServiceEndpoints, settle } from "./service-endpoints.ts";
import { newSlice, sameLabels, sliceLabels } from "./slice.ts";

/** One write. An updated slice is whole, with the resource version that it was read with. */
export type SliceChange =
  | { readonly verb: "create"; readonly slice: Draft<EndpointSlice> }
  | { readonly verb: "update"; readonly slice: EndpointSlice }
  | { readonly verb: "delete"; readonly slice: EndpointSlice };

interface Kept {
  readonly slice: EndpointSlice;
  readonly endpoints: readonly Endpoint[];
  readonly changed: boolean;
  /** Whether the slice was found to be right by an earlier plan. */
  readonly settled: boolean;
}

/**
 * Puts a group's endpoints into slices with the fewest writes, and settles the slices that need none.
 *
 * An endpoint stays in the slice it is in. New endpoints fill slices that change anyway, the fullest first; then one slice that
 * takes all the rest and is nearest to full with it; only then are slices created. Settled slices are counted, not read.
 */
export function packGroup(
  state: ServiceEndpoints,
  group: EndpointGroup,
  { slices, endpointsMax }: { readonly slices: readonly EndpointSlice[]; readonly endpointsMax: number },
): readonly SliceChange[] {
  const labels = sliceLabels(state.service);
  const waiting = new Map([...group.unplaced].map((identity) => [identity, group.wanted.get(identity)]));
  const kept = slices.map(
    (slice): Kept =>
      state.settled.has(slice.metadata.name)
        ? { slice, endpoints: slice.endpoints, changed: false, settled: true }
        : { ...keep(slice, waiting, labels), settled: false },
  );
  // In an order of their own, so that the same pods give the same slices in whatever order they changed.
  const rest = [...waiting].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, endpoint]) => endpoint ?? []);
  const written = addNew({ group, kept, rest, endpointsMax });
  for (const { slice, changed, settled, endpoints } of kept) {
    if (!changed && !settled && endpoints.length > 0 && !written.has(slice)) settle(state, group, slice);
  }
  return [
    ...chunks(rest, endpointsMax).map(
      (endpoints): SliceChange => ({ verb: "create", slice: newSlice(state.service, group, endpoints) }),
    ),
    ...[...written].map(([slice, endpoints]) => write(slice, endpoints, labels)),
  ];
}

/** Returns the endpoints of the slice that are still wanted, in their wanted form, and takes them out of `waiting`. */
function keep(
  slice: EndpointSlice,
  waiting: Map<string, Endpoint | undefined>,
  labels: Readonly<Record<string, string>>,
): Pick<Kept, "slice" | "endpoints" | "changed"> {
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

/** Returns the slices to be written, in their order, with their endpoints. Takes the new endpoints that they have out of `rest`. */
function addNew({
  group,
  kept,
  rest,
  endpointsMax,
}: {
  readonly group: EndpointGroup;
  readonly kept: readonly Kept[];
  readonly rest: Endpoint[];
  readonly endpointsMax: number;
}): ReadonlyMap<EndpointSlice, readonly Endpoint[]> {
  const filled = new Map<EndpointSlice, readonly Endpoint[]>();
  const changing = kept.filter(({ changed, endpoints }) => changed && endpoints.length > 0);
  for (const { slice, endpoints } of changing.sort((a, b) => b.endpoints.length - a.endpoints.length)) {
    filled.set(slice, [...endpoints, ...rest.splice(0, Math.max(0, endpointsMax - endpoints.length))]);
  }
  const roomy = fullestWithRoom(kept, rest.length, endpointsMax);
  if (roomy !== undefined) {
    const own = roomy.settled
      ? roomy.endpoints.flatMap((endpoint) => group.wanted.get(endpointIdentity(endpoint)) ?? [])
      : roomy.endpoints;
    filled.set(roomy.slice, [...own, ...rest.splice(0)]);
  }
  return new Map(
    kept
      .filter(({ slice, changed }) => changed || filled.has(slice))
      .map(({ slice, endpoints }) => [slice, filled.get(slice) ?? endpoints]),
  );
}

function fullestWithRoom(kept: readonly Kept[], count: number, endpointsMax: number): Kept | undefined {
  if (count === 0) return undefined;
  const fitting = kept.filter((k) => !k.changed && k.endpoints.length + count <= endpointsMax);
  return fitting.reduce<Kept | undefined>(
    (best, k) => (best === undefined || k.endpoints.length > best.endpoints.length ? k : best),
    undefined,
  );
}

function write(
  slice: EndpointSlice,
  endpoints: readonly Endpoint[],
  labels: Readonly<Record<string, string>>,
): SliceChange {
  if (endpoints.length === 0) return { verb: "delete", slice };
  return { verb: "update", slice: { ...slice, metadata: { ...slice.metadata, labels }, endpoints } };
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
