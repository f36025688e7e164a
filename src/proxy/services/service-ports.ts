import type { Service, ServicePort } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { isIPv6 } from "@fairlead/lib/ip-family";
import type { Protocol } from "@fairlead/nftables/words/field";
import type { Family } from "@fairlead/nftables/words/ruleset";
import ipaddr from "ipaddr.js";
import type { Reservations } from "./reservations.ts";
import type { Candidate, Place } from "./service-endpoints.ts";
import { isReady, isServing, usableEndpoints } from "./service-endpoints.ts";

/** Somewhere traffic can go. */
export interface Backend {
  readonly address: string;
  readonly port: number;
  /** It runs on this node, or its node is unknown. */
  readonly mayBeHere: boolean;
}

/** One port of one Service in one address family, with the endpoints that each sort of traffic may use from this node. */
export interface PortMapping {
  /** `namespace/name:port`, for messages. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly clusterIP: string;
  /** `spec.externalIPs` and the load balancer's addresses, without those in {@link PortMapping.reserved}. */
  readonly externalAddresses: readonly string[];
  readonly loadBalancerAddresses: readonly string[];
  /** External addresses that must not be redirected at this port, and why. */
  readonly reserved: readonly ReservedAddress[];
  /** Absent for Services without one. */
  readonly nodePort?: number;
  readonly internalPolicy: TrafficPolicy;
  readonly externalPolicy: TrafficPolicy;
  readonly cluster: readonly Backend[];
  readonly local: readonly Backend[];
  /** Addresses of the endpoints here that are ready: the others may still serve, but balancers outside are to look elsewhere. */
  readonly readyHere: readonly string[];
  /** Clients stay with their endpoint for this many seconds after the last connection; absent without session affinity. */
  readonly affinitySeconds?: number;
  /** Ranges that may use the load balancer's addresses; empty for all. */
  readonly sourceRanges: readonly string[];
  /** Addresses that serve, whatever policy and readiness say: their running UDP flows are left alone. */
  readonly serving: readonly string[];
}

export type TrafficPolicy = "Cluster" | "Local";

/** An external address that the proxy leaves alone. */
export interface ReservedAddress {
  readonly address: string;
  readonly reason: string;
}

/** Where the mapping is for, and what it must leave alone. */
export interface MappingOptions {
  readonly family: Family;
  readonly place: Place;
  /** The node's own, of the family. Default: not known yet. */
  readonly nodeAddress?: string | undefined;
  /** Default: nothing is reserved. */
  readonly reservations?: Reservations;
}

/**
 * What the Service's ports mean on this node.
 *
 * Empty for headless and ExternalName Services, and for Services without an address of the family.
 *
 * @param slices - The Service's slices; those of the other family are passed over.
 */
export function servicePorts(
  service: Service,
  slices: readonly EndpointSlice[],
  { family, place, nodeAddress, reservations = () => undefined }: MappingOptions,
): readonly PortMapping[] {
  const clusterIP = clusterIPOf(service, family);
  if (clusterIP === undefined) return [];
  const ofFamily = slices.filter(({ addressType }) => addressType === (family === "ip" ? "IPv4" : "IPv6"));
  return (service.spec.ports ?? []).map((port) => {
    const candidates = candidatesFor(port, ofFamily);
    const usable = usableEndpoints(candidates, place);
    const backend = backendFrom(place);
    return {
      ...frontendsOf(service, port, { family, nodeAddress, reservations }),
      clusterIP,
      cluster: usable.cluster.map(backend),
      local: usable.local.map(backend),
      readyHere: usable.local.filter(isReady).map(({ address }) => address),
      serving: [...new Set(candidates.filter(isServing).map(({ address }) => address))],
    };
  });
}

function frontendsOf(
  { metadata, spec, status }: Service,
  port: ServicePort,
  { family, nodeAddress, reservations }: Omit<Required<MappingOptions>, "place">,
) {
  const ofFamily = (addresses: readonly string[]) => addresses.filter(isOf(family)).map(canonical);
  // An ingress address in Proxy mode is a proxy in front of the cluster: its traffic has to go through it.
  const ingress = (status.loadBalancer?.ingress ?? []).filter(({ ipMode }) => ipMode !== "Proxy");
  const balanced = ofFamily(ingress.flatMap(({ ip }) => (ip === undefined ? [] : [ip])));
  const all = [...new Set([...ofFamily(spec.externalIPs ?? []), ...balanced])];
  const protocol = protocolNames[port.protocol];
  const frontend = { protocol, port: port.port, service: `${metadata.namespace}/${metadata.name}` };
  const reserved = all.flatMap((address) => {
    const reason = reservations({ ...frontend, address });
    return reason === undefined ? [] : [{ address, reason }];
  });
  const isFree = (address: string) => !reserved.some((one) => one.address === address);
  const affinitySeconds = spec.sessionAffinity === "ClientIP" ? affinitySecondsOf(spec) : undefined;
  return {
    name: `${metadata.namespace}/${metadata.name}:${port.name ?? ""}`,
    protocol,
    port: port.port,
    externalAddresses: all.filter(isFree),
    loadBalancerAddresses: balanced.filter(isFree),
    reserved,
    internalPolicy: spec.internalTrafficPolicy ?? "Cluster",
    externalPolicy: spec.externalTrafficPolicy ?? "Cluster",
    sourceRanges: sourceRanges(spec, { family, nodeAddress, balanced }),
    ...(port.nodePort !== undefined && port.nodePort !== 0 && { nodePort: port.nodePort }),
    ...(affinitySeconds !== undefined && { affinitySeconds }),
  } satisfies Partial<PortMapping>;
}

/**
 * Upstream, too, opens a load balancer to itself when the node may use it: where the node answers for the address, its
 * own requests come from there.
 */
function sourceRanges(
  { loadBalancerSourceRanges: given = [] }: Service["spec"],
  { family, nodeAddress, balanced }: Pick<MappingOptions, "family" | "nodeAddress"> & { balanced: readonly string[] },
): readonly string[] {
  const ranges = given.map((range) => range.trim()).filter(isOf(family));
  const isOpenToNode = nodeAddress !== undefined && ranges.some((range) => rangeContains(range, nodeAddress));
  return isOpenToNode ? [...ranges, ...balanced.map((address) => `${address}/${family === "ip" ? 32 : 128}`)] : ranges;
}

function rangeContains(range: string, address: string): boolean {
  if (!ipaddr.isValidCIDR(range) || !ipaddr.isValid(address)) return false;
  const [network, bits] = ipaddr.parseCIDR(range);
  const parsed = ipaddr.parse(address);
  return parsed.kind() === network.kind() && parsed.match(network, bits);
}

function affinitySecondsOf({ sessionAffinityConfig }: Service["spec"]): number {
  return sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS;
}

/** Upstream's default of `spec.sessionAffinityConfig.clientIP.timeoutSeconds`: three hours. */
const DEFAULT_AFFINITY_SECONDS = 10_800;

const protocolNames = { TCP: "tcp", UDP: "udp", SCTP: "sctp" } as const;

function clusterIPOf({ spec }: Service, family: Family): string | undefined {
  if (spec.type === "ExternalName" || spec.clusterIP === undefined) return undefined;
  const address = (spec.clusterIPs ?? [spec.clusterIP]).filter((ip) => ip !== "" && ip !== "None").find(isOf(family));
  return address === undefined ? undefined : canonical(address);
}

/** The endpoints behind one port, each address and port once: a slice that says it is on a node wins. */
function candidatesFor(port: ServicePort, slices: readonly EndpointSlice[]): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (const slice of slices) {
    // A slice whose port has no number means every port, which a Service cannot use.
    const number = slice.ports.find((p) => p.name === (port.name ?? "") && p.protocol === port.protocol)?.port;
    if (number === undefined) continue;
    for (const endpoint of slice.endpoints) {
      const address = canonical(endpoint.addresses[0] ?? "");
      const key = `${address} ${number}`;
      if (isAddress(address) && found.get(key)?.endpoint.nodeName === undefined) {
        found.set(key, { address, port: number, endpoint });
      }
    }
  }
  return [...found.values()];
}

function backendFrom({ nodeName }: Place): (candidate: Candidate) => Backend {
  return ({ address, port, endpoint }) => ({
    address,
    port,
    mayBeHere: (endpoint.nodeName ?? nodeName) === nodeName,
  });
}

function isOf(family: Family): (address: string) => boolean {
  return (address) => isIPv6(address) === (family === "ip6") && isAddress(address.split("/")[0] ?? "");
}

/** One address that is none would make the kernel refuse every other with it. */
function isAddress(text: string): boolean {
  return isIPv6(text) ? ipaddr.IPv6.isValid(text) && !text.includes("%") : ipaddr.IPv4.isValidFourPartDecimal(text);
}

/** One spelling per address: the kernel knows only the number, and holds each only once. */
function canonical(address: string): string {
  return isIPv6(address) && isAddress(address) ? ipaddr.parse(address).toString() : address;
}
