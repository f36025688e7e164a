import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Draft } from "@fairlead/api/schema";

/** Where the cluster's DNS answers. */
export interface DnsServiceOptions {
  /** The address that pods ask: 10.96.0.10 in the default range. */
  readonly clusterIP: string;
}

/**
 * The Service of the cluster's DNS, named as everybody expects it.
 *
 * It has no selector: each machine's DNS server lists itself in an EndpointSlice of its own.
 */
export function dnsService({ clusterIP }: DnsServiceOptions): Draft<Service> {
  return {
    metadata: {
      name: "kube-dns",
      namespace: "kube-system",
      labels: {
        "k8s-app": "kube-dns",
        "kubernetes.io/cluster-service": "true",
        "kubernetes.io/name": "CoreDNS",
      },
    },
    spec: {
      clusterIP,
      clusterIPs: [clusterIP],
      ports: [
        { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
        { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
        { name: "metrics", port: 9153, protocol: "TCP", targetPort: 9153 },
      ],
    },
  };
}
