import type { Service, ServicePort } from "@fairlead/api/core/v1/service/service";
import type { Endpoint, EndpointPort, EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { LABEL } from "@fairlead/api/well-known";

/** All that the names below one Service are answered from. */
export interface ServiceNames {
  readonly namespace: string;
  readonly name: string;
  /** ClusterIPs; empty for a headless Service and while none is allocated. */
  readonly addresses: readonly string[];
  /** What the Service is another name of, instead of everything else. */
  readonly externalName: string | undefined;
  readonly headless: boolean;
  readonly ports: readonly NamedPort[];
  /** Those that are ready, each address once. */
  readonly endpoints: readonly EndpointName[];
}

export interface NamedPort {
  readonly name: string;
  /** Lower case, as in `_tcp`. */
  readonly protocol: string;
  readonly port: number;
}

export interface EndpointName {
  readonly address: string;
  /** The first label of its name: the pod's hostname, else the address with dashes. */
  readonly label: string;
  /** What listens there; may differ from slice to slice. */
  readonly ports: readonly NamedPort[];
}

/** The names of a Service and its EndpointSlices: Kubernetes DNS-Based Service Discovery, version 1.1.0. */
export function serviceNames(service: Service, slices: readonly EndpointSlice[]): ServiceNames {
  const { metadata, spec } = service;
  const isExternal = spec.type === "ExternalName";
  const clusterIPs = (spec.clusterIPs ?? [spec.clusterIP ?? ""]).filter((ip) => ip !== "");
  const headless = !isExternal && clusterIPs[0] === "None";
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    addresses: headless || isExternal ? [] : clusterIPs,
    externalName: isExternal ? withoutDot(spec.externalName ?? "") : undefined,
    headless,
    ports: isExternal ? [] : (spec.ports ?? []).map(namedPort),
    endpoints: isExternal ? [] : endpointNames(slices),
  };
}

/** Services with more endpoints have a table of their names, once one of them is asked for. */
const SEARCHED_MAX = 32;
const tables = new WeakMap<ServiceNames, ReadonlyMap<string, readonly EndpointName[]>>();

/** Returns the endpoints of a Service whose name begins with this label. */
export function endpointsNamed(service: ServiceNames, label: string): readonly EndpointName[] {
  const { endpoints } = service;
  if (endpoints.length <= SEARCHED_MAX) return endpoints.filter((endpoint) => endpoint.label === label);
  let table = tables.get(service);
  if (table === undefined) {
    table = Map.groupBy(endpoints, (endpoint) => endpoint.label);
    tables.set(service, table);
  }
  return table.get(label) ?? [];
}

/** The slice's Service, as `namespace/name`; undefined for a slice of none. */
export function serviceOfSlice({ metadata }: EndpointSlice): string | undefined {
  const name = metadata.labels?.[LABEL.serviceName];
  return name === undefined ? undefined : `${metadata.namespace}/${name}`;
}

function namedPort({
  name,
  protocol,
  port,
}: Pick<ServicePort | EndpointPort, "name" | "protocol"> & { port?: number | undefined }): NamedPort {
  return { name: (name ?? "").toLowerCase(), protocol: protocol.toLowerCase(), port: port ?? 0 };
}

/** An endpoint that moves from one slice to another is for a moment in both: the first one counts. */
function endpointNames(slices: readonly EndpointSlice[]): EndpointName[] {
  const byAddress = new Map<string, EndpointName>();
  for (const slice of slices) {
    if (slice.addressType === "FQDN") continue;
    const ports = slice.ports.filter((port) => port.port !== undefined).map(namedPort);
    for (const endpoint of slice.endpoints.filter(isReady)) {
      for (const address of endpoint.addresses) {
        if (!byAddress.has(address)) byAddress.set(address, endpointName(endpoint, address, ports));
      }
    }
  }
  return [...byAddress.values()];
}

/** Absence means ready. The slices' writer has already seen to `publishNotReadyAddresses`. */
function isReady({ conditions }: Endpoint): boolean {
  return conditions?.ready !== false;
}

function endpointName({ hostname }: Endpoint, address: string, ports: readonly NamedPort[]): EndpointName {
  const label = hostname === undefined || hostname === "" ? labelOfAddress(address) : hostname.toLowerCase();
  return { address, label, ports };
}

/** A label must not end with a dash: `fd00::` is `fd00--0`, as CoreDNS has it. */
function labelOfAddress(address: string): string {
  return address.replaceAll(/[.:]/g, "-").replace(/-$/, "-0");
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}
