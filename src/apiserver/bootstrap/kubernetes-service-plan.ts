import type { Endpoints } from "@fairlead/api/core/v1/endpoints/endpoints";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Draft } from "@fairlead/api/schema";
import { LABEL } from "@fairlead/api/well-known";
import { isIPv6 } from "@fairlead/lib/ip-family";
import { KEEP, type Repair } from "./repair.ts";

/** The namespace and the name of the Service through which pods reach the API server. */
export const KUBERNETES_SERVICE = { namespace: "default", name: "kubernetes" } as const;

/** Where the API servers answer. */
export interface KubernetesService {
  /** The first address of the range of Services: 10.96.0.1 in the default one. */
  readonly serviceIP: string;
  /** The address of every API server of the cluster, all of one family. */
  readonly addresses: readonly string[];
  /** Port at {@link addresses}. */
  readonly port: number;
}

/** Port of the Service itself. */
const SERVICE_PORT = 443;
const SKIP_MIRROR = { [LABEL.skipMirror]: "true" };

/** The Service as it should be. */
export function kubernetesService({ serviceIP, port }: KubernetesService): Draft<Service> {
  return {
    metadata: { ...KUBERNETES_SERVICE, labels: { component: "apiserver", provider: "kubernetes" } },
    spec: {
      type: "ClusterIP",
      clusterIP: serviceIP,
      clusterIPs: [serviceIP],
      sessionAffinity: "None",
      ports: [{ name: "https", protocol: "TCP", port: SERVICE_PORT, targetPort: port }],
    },
  };
}

/** Its Endpoints, which no controller keeps: the Service has no selector. */
export function kubernetesEndpoints({ addresses, port }: KubernetesService): Draft<Endpoints> {
  return {
    metadata: { ...KUBERNETES_SERVICE, labels: SKIP_MIRROR },
    subsets: [
      {
        addresses: [...addresses].sort().map((ip) => ({ ip })),
        ports: [{ name: "https", port, protocol: "TCP" }],
      },
    ],
  };
}

/** Its EndpointSlice. */
export function kubernetesEndpointSlice({ addresses, port }: KubernetesService): Draft<EndpointSlice> {
  return {
    metadata: { ...KUBERNETES_SERVICE, labels: { [LABEL.serviceName]: KUBERNETES_SERVICE.name } },
    addressType: isIPv6(addresses[0] ?? "") ? "IPv6" : "IPv4",
    endpoints: [...addresses].sort().map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ name: "https", port, protocol: "TCP" }],
  };
}

/** Puts the ports of the Service right. Its address never changes. */
export function repairService(found: Service, wanted: Draft<Service>): Repair<Service> {
  const port = wanted.spec?.ports?.[0];
  const [present, ...others] = found.spec.ports ?? [];
  const right =
    others.length === 0 &&
    present?.name === port?.name &&
    present?.port === port?.port &&
    present?.targetPort === port?.targetPort;
  if (right || port?.port === undefined) return KEEP;
  const ports = [{ name: "https", protocol: "TCP" as const, port: port.port, targetPort: port.targetPort }];
  return { verb: "update", object: { ...found, spec: { ...found.spec, ports } } };
}

/** Puts the Endpoints right. */
export function repairEndpoints(found: Endpoints, wanted: Draft<Endpoints>): Repair<Endpoints> {
  const shown = ({ subsets = [] }: Draft<Endpoints>) =>
    JSON.stringify(
      subsets.map(({ addresses = [], notReadyAddresses = [], ports = [] }) => [
        addresses.map(({ ip }) => ip),
        notReadyAddresses.length,
        ports.map(({ name, port, protocol }) => [name, port, protocol]),
      ]),
    );
  if (shown(found) === shown(wanted) && hasLabels(found, SKIP_MIRROR)) return KEEP;
  const labels = { ...found.metadata.labels, ...SKIP_MIRROR };
  // A draft of ours leaves nothing out that an endpoint must have.
  const subsets = wanted.subsets as Endpoints["subsets"];
  return { verb: "update", object: { ...found, metadata: { ...found.metadata, labels }, subsets } };
}

/** Puts the EndpointSlice right. One of another family is replaced: its family cannot be changed. */
export function repairEndpointSlice(found: EndpointSlice, wanted: Draft<EndpointSlice>): Repair<EndpointSlice> {
  if (found.addressType !== wanted.addressType) return { verb: "replace" };
  const shown = ({ endpoints, ports }: Draft<EndpointSlice>) =>
    JSON.stringify([
      (endpoints ?? []).map(({ addresses, conditions }) => [addresses, conditions?.ready]),
      (ports ?? []).map(({ name, port, protocol }) => [name, port, protocol]),
    ]);
  const labels = (wanted.metadata?.labels ?? {}) as Record<string, string>;
  if (shown(found) === shown(wanted) && hasLabels(found, labels)) return KEEP;
  return {
    verb: "update",
    object: {
      ...found,
      metadata: { ...found.metadata, labels: { ...found.metadata.labels, ...labels } },
      endpoints: wanted.endpoints as EndpointSlice["endpoints"],
      ports: wanted.ports as EndpointSlice["ports"],
    },
  };
}

function hasLabels({ metadata }: Endpoints | EndpointSlice, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => metadata.labels?.[key] === value);
}
