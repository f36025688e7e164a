import type { Endpoint as SliceEndpoint } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";

/** Where this proxy runs, as far as the choice of endpoints depends on it. */
export interface Place {
  readonly nodeName: string;
  /** The node's `topology.kubernetes.io/zone`; absent when it has none. */
  readonly zone?: string | undefined;
}

/** An endpoint of the slices, with the port that the Service port means. */
export interface Candidate {
  readonly address: string;
  readonly port: number;
  readonly endpoint: SliceEndpoint;
}

/** What traffic of a Service port can be sent to from this node. */
export interface UsableEndpoints {
  /** For traffic policy Cluster. */
  readonly cluster: readonly Candidate[];
  /** For traffic policy Local: only those on this node. */
  readonly local: readonly Candidate[];
}

/**
 * Chooses the endpoints that get traffic: the ready ones, and where there is none, those that end but still serve.
 *
 * Hints narrow the cluster's endpoints to this node's or this zone's, if every ready endpoint has one and one is for us.
 * Source: kubernetes/kubernetes pkg/proxy/topology.go.
 */
export function usableEndpoints(candidates: readonly Candidate[], place: Place): UsableEndpoints {
  const local = candidates.filter(({ endpoint }) => endpoint.nodeName === place.nodeName);
  const ready = candidates.filter(isReady);
  return {
    cluster: ready.length > 0 ? hinted(ready, place) : candidates.filter(isServingTerminating),
    local: local.some(isReady) ? local.filter(isReady) : local.filter(isServingTerminating),
  };
}

/** Whether the endpoint still answers, ready for new connections or not. Absence means yes. */
export function isServing({ endpoint }: Candidate): boolean {
  return endpoint.conditions.serving !== false;
}

/** Whether the endpoint is for new connections. Absence means yes. */
export function isReady({ endpoint }: Candidate): boolean {
  return endpoint.conditions.ready !== false;
}

function isServingTerminating(candidate: Candidate): boolean {
  return isServing(candidate) && candidate.endpoint.conditions.terminating === true;
}

function hinted(ready: readonly Candidate[], { nodeName, zone }: Place): readonly Candidate[] {
  return (
    narrowed(ready, nodeName, ({ endpoint }) => endpoint.hints?.forNodes?.map(({ name }) => name) ?? []) ??
    narrowed(ready, zone, ({ endpoint }) => endpoint.hints?.forZones?.map(({ name }) => name) ?? []) ??
    ready
  );
}

/** The candidates hinted for `name`; nothing when one lacks hints or none is for `name`. */
function narrowed(
  ready: readonly Candidate[],
  name: string | undefined,
  hintsOf: (candidate: Candidate) => readonly string[],
): readonly Candidate[] | undefined {
  if (name === undefined || ready.some((candidate) => hintsOf(candidate).length === 0)) return undefined;
  const ours = ready.filter((candidate) => hintsOf(candidate).includes(name));
  return ours.length > 0 ? ours : undefined;
}
