import { conditionSchema } from "../../../meta/v1/condition.ts";
import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, map, oneOf, struct, t } from "../../../schema.ts";

export const servicePortSchema = struct("io.k8s.api.core.v1.ServicePort", "A port of a Service.", {
  name: field(1, t.string, "Name of the port; needed when there are several."),
  protocol: field(2, oneOf("TCP", "UDP", "SCTP"), "TCP, UDP or SCTP.", { default: "TCP" }),
  appProtocol: field(6, t.string, "What is spoken on the port.", { keepEmpty: true }),
  port: field(3, t.int32, "Port number of the Service.", { required: true }),
  targetPort: field(4, t.intOrString, "Port of the pods, by number or name; the same as port otherwise."),
  nodePort: field(5, t.int32, "Port on every node that leads here."),
});
export type ServicePort = Infer<typeof servicePortSchema>;

export const clientIPConfigSchema = struct(
  "io.k8s.api.core.v1.ClientIPConfig",
  "How long a client stays with one pod.",
  {
    timeoutSeconds: field(1, t.int32, "How long after its last connection, in seconds.", {
      default: 10_800,
      keepEmpty: true,
    }),
  },
);
export type ClientIPConfig = Infer<typeof clientIPConfigSchema>;

export const sessionAffinityConfigSchema = struct(
  "io.k8s.api.core.v1.SessionAffinityConfig",
  "How clients stay with one pod.",
  {
    clientIP: field(1, clientIPConfigSchema, "By the client's address."),
  },
);
export type SessionAffinityConfig = Infer<typeof sessionAffinityConfigSchema>;

export const serviceSpecSchema = struct("io.k8s.api.core.v1.ServiceSpec", "What a Service is to be.", {
  ports: field(
    1,
    list(servicePortSchema, {
      listType: "map",
      mapKeys: ["port", "protocol"],
      mergeKey: "port",
      patchStrategy: "merge",
    }),
    "Ports of the Service.",
  ),
  selector: field(
    2,
    map(t.string, { atomic: true }),
    "Labels of the pods behind it. Without a selector, another client writes its endpoints.",
  ),
  clusterIP: field(3, t.string, "Address inside the cluster; None for a Service with only names."),
  clusterIPs: field(18, list(t.string), "Addresses inside the cluster, one of each family."),
  type: field(
    4,
    oneOf("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
    "How it is reached: ClusterIP, NodePort, LoadBalancer or ExternalName.",
    { default: "ClusterIP" },
  ),
  externalIPs: field(5, list(t.string), "Further addresses, routed to the nodes by the network's administrator."),
  sessionAffinity: field(7, oneOf("None", "ClientIP"), "Whether a client stays with one pod: None or ClientIP.", {
    default: "None",
  }),
  loadBalancerIP: field(8, t.string, "Address wished for at the load balancer. Annotations have taken its place."),
  loadBalancerSourceRanges: field(9, list(t.string), "Clients that the load balancer lets in."),
  externalName: field(10, t.string, "Name that this one stands for, for ExternalName."),
  externalTrafficPolicy: field(
    11,
    oneOf("Cluster", "Local"),
    "Whether traffic from outside stays on the node it came to: Cluster or Local.",
  ),
  healthCheckNodePort: field(12, t.int32, "Port on which nodes say whether they have pods of the Service."),
  publishNotReadyAddresses: field(13, t.bool, "Count pods as ready even if they are not."),
  sessionAffinityConfig: field(14, sessionAffinityConfigSchema, "How clients stay with one pod."),
  ipFamilies: field(19, list(t.string), "Families of the addresses: IPv4, IPv6."),
  ipFamilyPolicy: field(
    17,
    oneOf("SingleStack", "PreferDualStack", "RequireDualStack"),
    "Whether there are addresses of one or of both families.",
    { keepEmpty: true },
  ),
  allocateLoadBalancerNodePorts: field(20, t.bool, "Whether a load balancer's Service gets node ports too.", {
    keepEmpty: true,
  }),
  loadBalancerClass: field(21, t.string, "Which load balancer is responsible.", { keepEmpty: true }),
  internalTrafficPolicy: field(
    22,
    oneOf("Cluster", "Local"),
    "Whether traffic from inside stays on its node: Cluster or Local.",
    { keepEmpty: true },
  ),
  trafficDistribution: field(23, t.string, "Which pods are preferred: PreferSameZone, PreferSameNode or PreferClose.", {
    keepEmpty: true,
  }),
});
export type ServiceSpec = Infer<typeof serviceSpecSchema>;

export const portStatusSchema = struct("io.k8s.api.core.v1.PortStatus", "How a load balancer fares with one port.", {
  port: field(1, t.int32, "Port number of the Service.", { required: true }),
  protocol: field(2, t.string, "TCP, UDP or SCTP.", { required: true }),
  error: field(3, t.string, "What is wrong with the port.", { keepEmpty: true }),
});
export type PortStatus = Infer<typeof portStatusSchema>;

export const loadBalancerIngressSchema = struct(
  "io.k8s.api.core.v1.LoadBalancerIngress",
  "One way into a load balancer.",
  {
    ip: field(1, t.string, "Its address."),
    hostname: field(2, t.string, "Its name, where it has no address."),
    ipMode: field(3, t.string, "Whether packets keep the address on their way to the node: VIP or Proxy.", {
      keepEmpty: true,
    }),
    ports: field(4, list(portStatusSchema), "How it fares with the ports."),
  },
);
export type LoadBalancerIngress = Infer<typeof loadBalancerIngressSchema>;

export const loadBalancerStatusSchema = struct(
  "io.k8s.api.core.v1.LoadBalancerStatus",
  "The ways into a load balancer.",
  {
    ingress: field(1, list(loadBalancerIngressSchema), "The ways."),
  },
);
export type LoadBalancerStatus = Infer<typeof loadBalancerStatusSchema>;

export const serviceStatusSchema = struct("io.k8s.api.core.v1.ServiceStatus", "What was observed of a Service.", {
  loadBalancer: field(1, loadBalancerStatusSchema, "The ways into its load balancer.", { present: true }),
  conditions: field(
    2,
    list(conditionSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
    "The latest observations of the object's state. Each condition is True, False or Unknown.",
  ),
});
export type ServiceStatus = Infer<typeof serviceStatusSchema>;

export const serviceSchema = struct("io.k8s.api.core.v1.Service", "One address and name for a changing set of pods.", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
  spec: field(2, serviceSpecSchema, "What is wanted.", { present: true }),
  status: field(3, serviceStatusSchema, "What was observed. Written by the system.", { present: true }),
});
export type Service = Infer<typeof serviceSchema>;
