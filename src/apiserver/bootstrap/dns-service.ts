import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Draft } from "@fairlead/api/schema";
import { KEEP, type Repair } from "./repair.ts";

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

type ServicePort = NonNullable<Service["spec"]["ports"]>[number];

/**
 * Gives the Service of an earlier version, or one that a client has changed, the ports and labels of {@link dnsService}. Everything else
 * stays as found: the address, which pods have in their `resolv.conf`, a selector, further ports.
 *
 * Ports are identified by number and protocol, as by `kubectl apply`, with which upstream's addon manager reconciles this
 * Service. A further port with the name of one of ours is dropped: names are unique.
 */
export function reconcileDnsService(found: Service, wanted: Draft<Service>): Repair<Service> {
  const ours = (wanted.spec?.ports ?? []) as readonly ServicePort[];
  const present = found.spec.ports ?? [];
  const others = present.filter((port) => !ours.some((own) => samePort(own, port) || own.name === port.name));
  const ports = [...ours.map((own) => ({ ...present.find((port) => samePort(own, port)), ...own })), ...others];
  const ownLabels = wanted.metadata?.labels as Record<string, string>;
  const isRight =
    present.length === ports.length &&
    ours.every((own) => present.some((port) => samePort(own, port) && hasValues(port, own))) &&
    hasValues(found.metadata.labels ?? {}, ownLabels);
  if (isRight) return KEEP;
  const metadata = { ...found.metadata, labels: { ...found.metadata.labels, ...ownLabels } };
  return { verb: "update", object: { ...found, metadata, spec: { ...found.spec, ports } } };
}

function samePort(a: ServicePort, b: ServicePort): boolean {
  return a.port === b.port && a.protocol === b.protocol;
}

function hasValues<T extends object>(found: T, wanted: T): boolean {
  return Object.entries(wanted).every(([name, value]) => (found as Record<string, unknown>)[name] === value);
}
