import { firstByKey } from "../../../by-key.ts";
import { deepEqual } from "../../../deep-equal.ts";
import type { Service, ServicePort, ServiceSpec } from "./service-schema.ts";

/** Upstream's default of `sessionAffinityConfig.clientIP.timeoutSeconds`: three hours. */
const AFFINITY_TIMEOUT_SECONDS = 10_800;

/**
 * Fills in what a Service leaves open.
 *
 * On an update, what the API server had allocated and the writer left out is kept, and what belongs to a type that the
 * Service no longer has is dropped unless the writer changed it.
 */
export function withServiceDefaults(service: Service, previous?: Service): Service {
  const written =
    previous === undefined
      ? service.spec
      : withoutOtherTypes(keptAllocations(service.spec, previous.spec), previous.spec);
  const spec = synchronizedClusterIPs(written, previous?.spec);
  return {
    ...service,
    spec: { ...spec, ports: spec.ports?.map(withTargetPort), ...typeDefaults(spec), ...affinityDefaults(spec) },
    status: statusOf({ ...service, spec }, previous),
  };
}

function withTargetPort(port: ServicePort): ServicePort {
  const isOpen = port.targetPort === undefined || port.targetPort === 0 || port.targetPort === "";
  return isOpen ? { ...port, targetPort: port.port } : port;
}

function typeDefaults(spec: ServiceSpec): Partial<ServiceSpec> {
  return {
    ...(isExternallyAccessible(spec) && { externalTrafficPolicy: spec.externalTrafficPolicy ?? "Cluster" }),
    ...(spec.type !== "ExternalName" && { internalTrafficPolicy: spec.internalTrafficPolicy ?? "Cluster" }),
    ...(spec.type === "LoadBalancer" && { allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true }),
  };
}

function affinityDefaults(spec: ServiceSpec): Partial<ServiceSpec> {
  if (spec.sessionAffinity === "None") return { sessionAffinityConfig: undefined };
  if (spec.sessionAffinity !== "ClientIP") return {};
  return {
    sessionAffinityConfig: spec.sessionAffinityConfig ?? { clientIP: { timeoutSeconds: AFFINITY_TIMEOUT_SECONDS } },
  };
}

/** A Service that no longer has a load balancer has no ways into it either. */
function statusOf({ spec, status }: Service, previous: Service | undefined): Service["status"] {
  if (previous?.spec.type === "LoadBalancer" && spec.type !== "LoadBalancer") return { ...status, loadBalancer: {} };
  const { ingress } = status.loadBalancer;
  if (spec.type !== "LoadBalancer" || ingress === undefined) return status;
  const withModes = ingress.map((entry) =>
    (entry.ip ?? "") === "" ? entry : { ...entry, ipMode: entry.ipMode ?? "VIP" },
  );
  return { ...status, loadBalancer: { ...status.loadBalancer, ingress: withModes } };
}

/** Whether the Service has addresses or ports that are reached from outside the cluster. */
export function isExternallyAccessible({ type, externalIPs = [] }: ServiceSpec): boolean {
  return type === "LoadBalancer" || type === "NodePort" || (type === "ClusterIP" && externalIPs.length > 0);
}

/** Whether nodes answer a health check of their own for the Service. */
export function needsHealthCheckPort({ type, externalTrafficPolicy }: ServiceSpec): boolean {
  return type === "LoadBalancer" && externalTrafficPolicy === "Local";
}

function hasClusterIP({ type }: ServiceSpec): boolean {
  return type !== "ExternalName";
}

function hasNodePorts({ type, allocateLoadBalancerNodePorts }: ServiceSpec): boolean {
  return type === "NodePort" || (type === "LoadBalancer" && allocateLoadBalancerNodePorts !== false);
}

/** So that a manifest can be applied again: addresses and ports that it does not name stay unchanged. */
function keptAllocations(spec: ServiceSpec, previous: ServiceSpec): ServiceSpec {
  const keepsIP = hasClusterIP(spec) && hasClusterIP(previous);
  const clusterIP = keepsIP && (spec.clusterIP ?? "") === "" ? previous.clusterIP : spec.clusterIP;
  const isSameIP = keepsIP && clusterIP === previous.clusterIP;
  return {
    ...spec,
    ...(clusterIP !== undefined && { clusterIP }),
    ...(isSameIP && (spec.clusterIPs ?? []).length === 0 && { clusterIPs: previous.clusterIPs }),
    ...(hasClusterIP(spec) && hasClusterIP(previous) && keptFamilies(spec, previous)),
    ...(hasNodePorts(spec) && hasNodePorts(previous) && { ports: keptNodePorts(spec, previous) }),
    ...(needsHealthCheckPort(spec) &&
      needsHealthCheckPort(previous) && {
        healthCheckNodePort: spec.healthCheckNodePort ?? previous.healthCheckNodePort,
      }),
  };
}

function keptFamilies(spec: ServiceSpec, previous: ServiceSpec): Partial<ServiceSpec> {
  return {
    ipFamilyPolicy: spec.ipFamilyPolicy ?? previous.ipFamilyPolicy,
    ipFamilies: (spec.ipFamilies ?? []).length === 0 ? previous.ipFamilies : spec.ipFamilies,
  };
}

function keptNodePorts({ ports = [] }: ServiceSpec, { ports: previous = [] }: ServiceSpec): readonly ServicePort[] {
  const keyOf = ({ port, protocol }: ServicePort) => `${protocol}/${port}`;
  const beforeOf = firstByKey(previous, keyOf);
  const taken = new Set(ports.map((port) => port.nodePort ?? 0));
  return ports.map((port) => {
    if ((port.nodePort ?? 0) !== 0) return port;
    const before = beforeOf.get(keyOf(port));
    const nodePort = before?.nodePort;
    return nodePort === undefined || taken.has(nodePort) ? port : { ...port, nodePort };
  });
}

/** Drops what the Service's type has no use for, where it is just what was stored. */
function withoutOtherTypes(spec: ServiceSpec, previous: ServiceSpec): ServiceSpec {
  const isStale = <K extends keyof ServiceSpec>(key: K) => deepEqual(spec[key], previous[key]);
  const leavesClusterIP =
    hasClusterIP(previous) && !hasClusterIP(spec) && isStale("clusterIP") && isStale("clusterIPs");
  const leavesNodePorts = hasNodePorts(previous) && !hasNodePorts(spec) && sameNodePorts(spec, previous);
  const leavesHealthCheck =
    needsHealthCheckPort(previous) && !needsHealthCheckPort(spec) && isStale("healthCheckNodePort");
  const leavesLoadBalancer = previous.type === "LoadBalancer" && spec.type !== "LoadBalancer";
  return {
    ...spec,
    ...(leavesClusterIP && {
      clusterIP: undefined,
      clusterIPs: undefined,
      ipFamilies: undefined,
      ipFamilyPolicy: undefined,
    }),
    ...(leavesNodePorts && { ports: spec.ports?.map(({ nodePort: _, ...port }) => port) }),
    ...(leavesHealthCheck && { healthCheckNodePort: undefined }),
    ...(leavesLoadBalancer && isStale("allocateLoadBalancerNodePorts") && { allocateLoadBalancerNodePorts: undefined }),
    ...(leavesLoadBalancer && isStale("loadBalancerClass") && { loadBalancerClass: undefined }),
    ...(isExternallyAccessible(previous) &&
      !isExternallyAccessible(spec) &&
      isStale("externalTrafficPolicy") && { externalTrafficPolicy: undefined }),
  };
}

function sameNodePorts({ ports = [] }: ServiceSpec, { ports: previous = [] }: ServiceSpec): boolean {
  const known = new Set(previous.map((port) => port.nodePort ?? 0));
  return ports.every((port) => (port.nodePort ?? 0) === 0 || known.has(port.nodePort ?? 0));
}

/** `clusterIP` and the first of `clusterIPs` are one value with two names. */
function synchronizedClusterIPs(spec: ServiceSpec, previous: ServiceSpec | undefined): ServiceSpec {
  const clusterIP = spec.clusterIP ?? "";
  const clusterIPs = spec.clusterIPs ?? [];
  if (previous === undefined) {
    return clusterIP !== "" && clusterIPs.length === 0 ? { ...spec, clusterIPs: [clusterIP] } : spec;
  }
  const onlySingularChanged = clusterIP !== (previous.clusterIP ?? "") && deepEqual(clusterIPs, previous.clusterIPs);
  if (onlySingularChanged || (clusterIP !== "" && clusterIPs.length === 0)) {
    return { ...spec, clusterIPs: clusterIP === "" ? undefined : [clusterIP] };
  }
  return spec;
}
