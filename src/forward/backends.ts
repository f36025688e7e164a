import type { Container } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Endpoint, EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";

/** A port of one pod, to which a connection may go. */
export interface Backend {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** Where a new connection may go right now. */
export interface Backends {
  readonly list: readonly Backend[];
  /** Why there is none, for people. */
  readonly problem: string;
  /** How long a client stays with its backend, counted from its last connection; undefined when it does not. */
  readonly affinitySeconds?: number | undefined;
}

/** A TCP port that a target says it has. */
export interface DeclaredPort {
  /** Empty when it has none. */
  readonly name: string;
  readonly number: number;
}

/**
 * The pods behind a port of a Service: the ready ones, and where there is none, those that end but still serve, as
 * kube-proxy chooses (KEP-1669). Every slice says which port is meant in its pods.
 *
 * @param wanted - Number or name of the Service's port.
 */
export function serviceBackends(service: Service, slices: readonly EndpointSlice[], wanted: number | string): Backends {
  const { sessionAffinity, sessionAffinityConfig } = service.spec;
  const found = findPort(servicePorts(service), wanted);
  if (found === undefined) return { list: [], problem: `it has no TCP port ${wanted}` };
  const endpoints = slices.flatMap((slice) => {
    const port = slice.ports?.find(({ name, protocol }) => (name ?? "") === found.name && protocol === "TCP")?.port;
    return port === undefined ? [] : slice.endpoints.map((endpoint) => ({ endpoint, port, slice }));
  });
  const isReady = ({ conditions }: Endpoint) => conditions.ready !== false;
  const isLastResort = ({ conditions }: Endpoint) => conditions.serving === true && conditions.terminating === true;
  const ready = endpoints.filter(({ endpoint }) => isReady(endpoint));
  const usable = ready.length > 0 ? ready : endpoints.filter(({ endpoint }) => isLastResort(endpoint));
  const list = usable.flatMap(({ endpoint: { targetRef }, port, slice }) =>
    targetRef?.kind === "Pod" && targetRef.name !== undefined
      ? [{ namespace: targetRef.namespace ?? slice.metadata.namespace ?? "default", pod: targetRef.name, port }]
      : [],
  );
  const problem = usable.length > 0 ? "its endpoints are no pods: only pods can be forwarded to" : "no ready endpoint";
  const timeout = sessionAffinityConfig?.clientIP?.timeoutSeconds ?? AFFINITY_DEFAULT_SECONDS;
  return { list, problem, ...(sessionAffinity === "ClientIP" && { affinitySeconds: timeout }) };
}

/** Upstream's default of `sessionAffinityConfig.clientIP.timeoutSeconds`. */
const AFFINITY_DEFAULT_SECONDS = 10_800;

/** A pod may be reached as soon as it runs, ready or not, as with kubectl. */
export function podBackends(pod: Pod, wanted: number | string): Backends {
  const { phase } = pod.status;
  if (phase !== "Running") return { list: [], problem: `the pod is not running: ${phase}` };
  return fromPods([pod], wanted);
}

/** The ready pods of a workload. */
export function workloadBackends(pods: readonly Pod[], wanted: number | string): Backends {
  const ready = pods.filter(
    ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined &&
      status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
  );
  return ready.length === 0 ? { list: [], problem: "no ready pod" } : fromPods(ready, wanted);
}

/** A name may mean another number in each pod. */
function fromPods(pods: readonly Pod[], wanted: number | string): Backends {
  const list = pods.flatMap(({ metadata: { namespace = "default", name }, spec }) => {
    const port = typeof wanted === "number" ? wanted : findPort(podPorts(spec), wanted)?.number;
    return port === undefined ? [] : [{ namespace, pod: name, port }];
  });
  return { list, problem: `no container has a TCP port ${wanted}` };
}

/** The TCP ports of a Service. */
export function servicePorts({ spec }: Service): readonly DeclaredPort[] {
  return (spec.ports ?? [])
    .filter(({ protocol }) => protocol === "TCP")
    .map(({ name = "", port }) => ({ name, number: port }));
}

/** The TCP ports that the containers of a pod, or of a template for pods, declare. */
export function podPorts(spec: {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[] | undefined;
}): readonly DeclaredPort[] {
  return [...(spec.containers ?? []), ...(spec.initContainers ?? [])].flatMap(({ ports = [] }) =>
    ports
      .filter(({ protocol }) => protocol === undefined || protocol === "TCP")
      .map(({ name = "", containerPort }) => ({ name, number: containerPort })),
  );
}

/** By number or by name. */
export function findPort(ports: readonly DeclaredPort[], wanted: number | string): DeclaredPort | undefined {
  return ports.find(({ name, number }) => (typeof wanted === "number" ? number === wanted : name === wanted));
}
