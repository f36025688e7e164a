import { cidrProblems, ipProblems, specialIPProblems } from "../../../addresses.ts";
import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalid, invalidFor, notSupported, required } from "../../../field-error.ts";
import { validateLabels } from "../../../meta/v1/validate-labels.ts";
import { dnsSubdomainProblems, labelKeyProblems, portNumberProblems } from "../../../names.ts";
import { isExternallyAccessible, needsHealthCheckPort } from "./service-defaults.ts";
import type { Service, ServiceSpec } from "./service-schema.ts";
import { isHeadless, validateClusterIPs, validateClusterIPsUpdate } from "./validate-cluster-ips.ts";
import { validateServicePorts } from "./validate-service-ports.ts";

const AFFINITY_TIMEOUT_MAX_SECONDS = 86_400;
const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const AFFINITIES = ["ClientIP", "None"];
const POLICIES = ["Cluster", "Local"];
const IP_MODES = ["Proxy", "VIP"];
const TRAFFIC_DISTRIBUTIONS = ["PreferClose", "PreferSameNode", "PreferSameZone"];

/** What is wrong with a Service, in upstream's order. */
export function validateService(service: Service, previous?: Service): FieldError[] {
  const { spec } = service;
  return [
    ...(previous === undefined ? [] : validateUpdate(spec, previous.spec)),
    ...validateType(spec),
    ...validateServicePorts(spec),
    ...validateLabels(spec.selector, "spec.selector"),
    ...validateAffinity(spec),
    ...validateClusterIPs(spec),
    ...validateExternalIPs(spec),
    ...(TYPES.includes(spec.type) ? [] : [notSupported("spec.type", spec.type, TYPES)]),
    ...validateLoadBalancer(service),
    ...validateTraffic(spec),
    ...(previous === undefined ? [] : validateLoadBalancerStatus(service)),
  ];
}

function validateUpdate(spec: ServiceSpec, previous: ServiceSpec): FieldError[] {
  const bothBalanced = spec.type === "LoadBalancer" && previous.type === "LoadBalancer";
  const bothChecked = needsHealthCheckPort(spec) && needsHealthCheckPort(previous);
  return [
    ...validateClusterIPsUpdate(spec, previous),
    ...(bothBalanced && spec.loadBalancerClass !== previous.loadBalancerClass
      ? [invalid("spec.loadBalancerClass", spec.loadBalancerClass, "may not change once set")]
      : []),
    ...(bothChecked && spec.healthCheckNodePort !== previous.healthCheckNodePort
      ? [forbidden("spec.healthCheckNodePort", "field is immutable")]
      : []),
  ];
}

function validateType(spec: ServiceSpec): FieldError[] {
  const needsPorts = spec.type !== "ExternalName" && !isHeadless(spec);
  return [
    ...(needsPorts && (spec.ports ?? []).length === 0 ? [required("spec.ports")] : []),
    ...(isHeadless(spec) && (spec.type === "LoadBalancer" || spec.type === "NodePort")
      ? [invalid("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${spec.type} services`)]
      : []),
    ...(spec.type === "ExternalName" ? validateExternalName(spec) : []),
  ];
}

function validateExternalName(spec: ServiceSpec): FieldError[] {
  const name = (spec.externalName ?? "").replace(/\.$/, "");
  const notForExternalName = (path: string) => forbidden(path, "may not be set for ExternalName services");
  return [
    ...((spec.clusterIPs ?? []).length > 0 ? [notForExternalName("spec.clusterIPs")] : []),
    ...((spec.ipFamilies ?? []).length > 0 ? [notForExternalName("spec.ipFamilies")] : []),
    ...(spec.ipFamilyPolicy === undefined ? [] : [notForExternalName("spec.ipFamilyPolicy")]),
    ...(name === ""
      ? [required("spec.externalName")]
      : invalidFor("spec.externalName", name, dnsSubdomainProblems(name))),
  ];
}

function validateAffinity({ sessionAffinity, sessionAffinityConfig }: ServiceSpec): FieldError[] {
  if (!AFFINITIES.includes(sessionAffinity)) return [notSupported("spec.sessionAffinity", sessionAffinity, AFFINITIES)];
  if (sessionAffinity === "None") {
    if (sessionAffinityConfig === undefined) return [];
    return [forbidden("spec.sessionAffinityConfig", "must not be set when session affinity is None")];
  }
  const path = "spec.sessionAffinityConfig.clientIP";
  const timeoutSeconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (timeoutSeconds === undefined) return [required(path, "when session affinity type is ClientIP")];
  if (timeoutSeconds > 0 && timeoutSeconds <= AFFINITY_TIMEOUT_MAX_SECONDS) return [];
  return [
    invalid(
      `${path}.timeoutSeconds`,
      timeoutSeconds,
      `must be greater than 0 and less than ${AFFINITY_TIMEOUT_MAX_SECONDS}`,
    ),
  ];
}

function validateExternalIPs({ externalIPs = [] }: ServiceSpec): FieldError[] {
  return externalIPs.flatMap((ip, index) => {
    const malformed = ipProblems(ip);
    return invalidFor(`spec.externalIPs[${index}]`, ip, malformed.length > 0 ? malformed : specialIPProblems(ip));
  });
}

const SOURCE_RANGES_ANNOTATION = "service.beta.kubernetes.io/load-balancer-source-ranges";
const ONLY_LOAD_BALANCER = "may only be used when `type` is 'LoadBalancer'";

function validateLoadBalancer({ spec, metadata }: Service): FieldError[] {
  const isBalanced = spec.type === "LoadBalancer";
  const ranges = spec.loadBalancerSourceRanges ?? [];
  const annotation = metadata.annotations?.[SOURCE_RANGES_ANNOTATION];
  return [
    ...(ranges.length > 0 ? validateSourceRanges(ranges, "spec.LoadBalancerSourceRanges", isBalanced) : []),
    ...(ranges.length === 0 && annotation !== undefined
      ? validateSourceRanges(
          annotation.trim() === "" ? [] : annotation.split(","),
          `metadata.annotations[${SOURCE_RANGES_ANNOTATION}]`,
          isBalanced,
        )
      : []),
    ...(!isBalanced && spec.allocateLoadBalancerNodePorts !== undefined
      ? [forbidden("spec.allocateLoadBalancerNodePorts", ONLY_LOAD_BALANCER)]
      : []),
    ...validateLoadBalancerClass(spec),
  ];
}

function validateSourceRanges(ranges: readonly string[], path: string, isBalanced: boolean): FieldError[] {
  return [
    ...(isBalanced ? [] : [forbidden(path, ONLY_LOAD_BALANCER)]),
    ...ranges.flatMap((range, index) => {
      const at = path.startsWith("spec.") ? `${path}[${index}]` : path;
      return invalidFor(at, range.trim(), cidrProblems(range.trim()));
    }),
  ];
}

function validateLoadBalancerClass({ type, loadBalancerClass }: ServiceSpec): FieldError[] {
  if (loadBalancerClass === undefined) return [];
  if (type !== "LoadBalancer") return [forbidden("spec.loadBalancerClass", ONLY_LOAD_BALANCER)];
  return invalidFor("spec.loadBalancerClass", loadBalancerClass, labelKeyProblems(loadBalancerClass));
}

function validateTraffic(spec: ServiceSpec): FieldError[] {
  const { internalTrafficPolicy, trafficDistribution } = spec;
  return [
    ...validateExternalPolicy(spec),
    ...validateHealthCheckPort(spec),
    ...(internalTrafficPolicy === undefined || POLICIES.includes(internalTrafficPolicy)
      ? []
      : [notSupported("spec.internalTrafficPolicy", internalTrafficPolicy, POLICIES)]),
    ...(trafficDistribution === undefined || TRAFFIC_DISTRIBUTIONS.includes(trafficDistribution)
      ? []
      : [notSupported("spec.trafficDistribution", trafficDistribution, TRAFFIC_DISTRIBUTIONS)]),
  ];
}

function validateExternalPolicy(spec: ServiceSpec): FieldError[] {
  const path = "spec.externalTrafficPolicy";
  const policy = spec.externalTrafficPolicy;
  if (!isExternallyAccessible(spec)) {
    return policy === undefined ? [] : [invalid(path, policy, "may only be set for externally-accessible services")];
  }
  if (policy === undefined) return [required(path)];
  return POLICIES.includes(policy) ? [] : [notSupported(path, policy, POLICIES)];
}

/** The port itself is allocated after validation, so its absence is no error here. */
function validateHealthCheckPort(spec: ServiceSpec): FieldError[] {
  const path = "spec.healthCheckNodePort";
  const port = spec.healthCheckNodePort ?? 0;
  if (port === 0) return [];
  if (needsHealthCheckPort(spec)) return invalidFor(path, port, portNumberProblems(port));
  return [invalid(path, port, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")];
}

function validateLoadBalancerStatus({ spec, status }: Service): FieldError[] {
  const path = "status.loadBalancer.ingress";
  const ingress = status.loadBalancer.ingress ?? [];
  if (ingress.length > 0 && spec.type !== "LoadBalancer") {
    return [forbidden(path, 'may only be used when `spec.type` is "LoadBalancer"')];
  }
  return ingress.flatMap(({ ip = "", hostname = "", ipMode }, i) => [
    ...(ip === "" ? [] : invalidFor(`${path}[${i}].ip`, ip, ipProblems(ip))),
    ...(ip === "" && ipMode !== undefined
      ? [forbidden(`${path}[${i}].ipMode`, "may not be specified when `ip` is not set")]
      : []),
    ...(ipMode === undefined || IP_MODES.includes(ipMode)
      ? []
      : [notSupported(`${path}[${i}].ipMode`, ipMode, IP_MODES)]),
    ...(hostname === "" ? [] : invalidFor(`${path}[${i}].hostname`, hostname, dnsSubdomainProblems(hostname))),
    ...(hostname !== "" && ipProblems(hostname).length === 0
      ? [invalid(`${path}[${i}].hostname`, hostname, "must be a DNS name, not an IP address")]
      : []),
  ]);
}
