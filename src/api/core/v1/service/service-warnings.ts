import { cidrWarnings, ipWarnings } from "../../../address-warnings.ts";
import type { Service } from "./service-schema.ts";

const TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints";
const TOPOLOGY_MODE = "service.kubernetes.io/topology-mode";

/** Returns the warnings of a Service, as upstream's `pkg/api/service/warnings.go` has them. */
export function serviceWarnings(service: Service): readonly string[] {
  const { spec, metadata } = service;
  const { type, clusterIP = "", clusterIPs = [], externalIPs = [], loadBalancerIP = "", externalName = "" } = spec;
  const hasHints = Object.hasOwn(metadata.annotations ?? {}, TOPOLOGY_HINTS);
  const hasClusterIP = type !== "ExternalName" && clusterIP !== "" && clusterIP !== "None";
  const isExternalName = type === "ExternalName";
  return [
    ...(hasHints ? [`annotation ${TOPOLOGY_HINTS} is deprecated, please use ${TOPOLOGY_MODE} instead`] : []),
    ...(hasClusterIP ? clusterIPs.flatMap((ip, i) => ipWarnings(`spec.clusterIPs[${i}]`, ip)) : []),
    ...(type === "ClusterIP" && clusterIP === "None" ? headlessWarnings(service) : []),
    ...externalIPs.flatMap((ip, i) => ipWarnings(`spec.externalIPs[${i}]`, ip)),
    ...(loadBalancerIP === "" ? [] : ipWarnings("spec.loadBalancerIP", loadBalancerIP)),
    ...(spec.loadBalancerSourceRanges ?? []).flatMap((cidr, i) =>
      cidrWarnings(`spec.loadBalancerSourceRanges[${i}]`, cidr),
    ),
    ...(isExternalName && externalIPs.length > 0
      ? ['spec.externalIPs is ignored when spec.type is "ExternalName"']
      : []),
    ...(!isExternalName && externalName !== ""
      ? ['spec.externalName is ignored when spec.type is not "ExternalName"']
      : []),
    ...(spec.trafficDistribution === "PreferClose"
      ? ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"']
      : []),
  ];
}

/** Returns the warnings of a Service's status. */
export function serviceStatusWarnings({ status }: Service): readonly string[] {
  const ingress = status.loadBalancer.ingress ?? [];
  return ingress.flatMap(({ ip = "" }, i) => (ip === "" ? [] : ipWarnings(`status.loadBalancer.ingress[${i}]`, ip)));
}

function headlessWarnings({ spec }: Service): readonly string[] {
  return [
    ...((spec.loadBalancerIP ?? "") === "" ? [] : ["spec.loadBalancerIP is ignored for headless services"]),
    ...((spec.externalIPs ?? []).length === 0 ? [] : ["spec.externalIPs is ignored for headless services"]),
    ...(spec.sessionAffinity === "None" ? [] : ["spec.SessionAffinity is ignored for headless services"]),
  ];
}
