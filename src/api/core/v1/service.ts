import { defineKind } from "../../kind.ts";
import { conditionSchema } from "../../meta/v1/condition.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import { dns1035LabelProblems } from "../../names.ts";
import type { Infer } from "../../schema.ts";
import { field, list, map, oneOf, struct, t } from "../../schema.ts";
import { serviceColumns } from "./service/service-columns.ts";
import { withServiceDefaults } from "./service/service-defaults.ts";
import { validateService } from "./service/validate-service.ts";

export const servicePortSchema = struct("io.k8s.api.core.v1.ServicePort", "", {
  name: field(1, t.string, ""),
  protocol: field(2, oneOf("TCP", "UDP", "SCTP"), "", { default: "TCP" }),
  appProtocol: field(6, t.string, "", { keepEmpty: true }),
  port: field(3, t.int32, "", { required: true }),
  targetPort: field(4, t.intOrString, ""),
  nodePort: field(5, t.int32, ""),
});
export type ServicePort = Infer<typeof servicePortSchema>;

export const clientIPConfigSchema = struct("io.k8s.api.core.v1.ClientIPConfig", "", {
  timeoutSeconds: field(1, t.int32, "", { default: 10_800 }),
});
export type ClientIPConfig = Infer<typeof clientIPConfigSchema>;

export const sessionAffinityConfigSchema = struct("io.k8s.api.core.v1.SessionAffinityConfig", "", {
  clientIP: field(1, clientIPConfigSchema, ""),
});
export type SessionAffinityConfig = Infer<typeof sessionAffinityConfigSchema>;

export const serviceSpecSchema = struct("io.k8s.api.core.v1.ServiceSpec", "", {
  ports: field(
    1,
    list(servicePortSchema, {
      listType: "map",
      mapKeys: ["port", "protocol"],
      mergeKey: "port",
      patchStrategy: "merge",
    }),
    "",
    { present: true },
  ),
  selector: field(2, map(t.string, { atomic: true }), ""),
  clusterIP: field(3, t.string, ""),
  clusterIPs: field(18, list(t.string), ""),
  type: field(4, oneOf("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"), "", { default: "ClusterIP" }),
  externalIPs: field(5, list(t.string), ""),
  sessionAffinity: field(7, oneOf("None", "ClientIP"), "", { default: "None" }),
  loadBalancerIP: field(8, t.string, ""),
  loadBalancerSourceRanges: field(9, list(t.string), ""),
  externalName: field(10, t.string, ""),
  externalTrafficPolicy: field(11, oneOf("Cluster", "Local"), ""),
  healthCheckNodePort: field(12, t.int32, ""),
  publishNotReadyAddresses: field(13, t.bool, ""),
  sessionAffinityConfig: field(14, sessionAffinityConfigSchema, ""),
  ipFamilies: field(19, list(t.string), ""),
  ipFamilyPolicy: field(17, oneOf("SingleStack", "PreferDualStack", "RequireDualStack"), "", { keepEmpty: true }),
  allocateLoadBalancerNodePorts: field(20, t.bool, "", { keepEmpty: true }),
  loadBalancerClass: field(21, t.string, "", { keepEmpty: true }),
  internalTrafficPolicy: field(22, oneOf("Cluster", "Local"), "", { keepEmpty: true }),
  trafficDistribution: field(23, t.string, "", { keepEmpty: true }),
});
export type ServiceSpec = Infer<typeof serviceSpecSchema>;

export const portStatusSchema = struct("io.k8s.api.core.v1.PortStatus", "", {
  port: field(1, t.int32, "", { required: true }),
  protocol: field(2, t.string, "", { required: true }),
  error: field(3, t.string, "", { keepEmpty: true }),
});
export type PortStatus = Infer<typeof portStatusSchema>;

export const loadBalancerIngressSchema = struct("io.k8s.api.core.v1.LoadBalancerIngress", "", {
  ip: field(1, t.string, ""),
  hostname: field(2, t.string, ""),
  ipMode: field(3, t.string, "", { keepEmpty: true }),
  ports: field(4, list(portStatusSchema), ""),
});
export type LoadBalancerIngress = Infer<typeof loadBalancerIngressSchema>;

export const loadBalancerStatusSchema = struct("io.k8s.api.core.v1.LoadBalancerStatus", "", {
  ingress: field(1, list(loadBalancerIngressSchema), ""),
});
export type LoadBalancerStatus = Infer<typeof loadBalancerStatusSchema>;

export const serviceStatusSchema = struct("io.k8s.api.core.v1.ServiceStatus", "", {
  loadBalancer: field(1, loadBalancerStatusSchema, "", { present: true }),
  conditions: field(
    2,
    list(conditionSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
    "",
  ),
});
export type ServiceStatus = Infer<typeof serviceStatusSchema>;

export const serviceSchema = struct("io.k8s.api.core.v1.Service", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  spec: field(2, serviceSpecSchema, "", { present: true }),
  status: field(3, serviceStatusSchema, "", { present: true }),
});
export type Service = Infer<typeof serviceSchema>;

export const serviceKind = defineKind<Service>({
  group: "",
  version: "v1",
  kind: "Service",
  plural: "services",
  shortNames: ["svc"],
  categories: ["all"],
  namespaced: true,
  schema: serviceSchema,
  subresources: [{ name: "proxy", kind: "ServiceProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] }],
  columns: serviceColumns,
  withDefaults: withServiceDefaults,
  validate: validateService,
  validateName: dns1035LabelProblems,
  selectableFields: ({ spec }) => ({ "spec.clusterIP": spec.clusterIP ?? "", "spec.type": spec.type }),
});
