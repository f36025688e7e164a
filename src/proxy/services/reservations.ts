import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { LABEL } from "@fairlead/api/well-known";
import type { Protocol } from "@fairlead/nftables/words/field";
import ipaddr from "ipaddr.js";

/** An address and port outside the Service range that a Service asks the proxies to take over. */
export interface ExternalFrontend {
  readonly address: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** `namespace/name` of the Service. */
  readonly service: string;
}

/** Returns why the proxy must not redirect a frontend; nothing for one that it may redirect. */
export type Reservations = (frontend: ExternalFrontend) => string | undefined;

/** A port on which a program of every node listens. */
export interface ReservedPort {
  readonly protocol: Protocol;
  readonly port: number;
  /** The program, for messages: `the kubelet`. */
  readonly program: string;
}

/** Where an API server listens. */
export interface ApiServerEndpoint {
  /** In canonical spelling. */
  readonly address: string;
  readonly port: number;
}

/** The facts that {@link reservations} decides from. */
export interface ReservationSources {
  readonly serviceCIDRs: readonly string[];
  /** Asked for once, at the first external frontend. */
  nodes(): readonly Node[];
  readonly apiServers: readonly ApiServerEndpoint[];
  /** Ports of the nodes' programs besides the kubelet, whose port is in its Node. */
  readonly nodePrograms: readonly ReservedPort[];
  /** Returns `namespace/name` of the Services that have a node port or health check port, by {@link nodePortKeysOf}. */
  nodePortOwners(key: string): readonly string[];
}

/** Port of a kubelet whose Node does not have it yet. */
const KUBELET_PORT = 10_250;

/**
 * Decides which external addresses of Services the proxy leaves alone, because the cluster itself needs them.
 *
 * `spec.externalIPs` and `status.loadBalancer` may name any address. Reserved are the Service range, the API server's
 * addresses at its port (also the addresses of control plane nodes), and the nodes' addresses at the ports of their
 * programs and at other Services' node ports.
 * All other ports of a node's address may be used. Upstream's kube-proxy redirects every address (CVE-2020-8554), so that
 * one Service can cut the nodes off from the API server.
 */
export function reservations(sources: ReservationSources): Reservations {
  const ranges = sources.serviceCIDRs.map((cidr) => ipaddr.parseCIDR(cidr));
  const isApiServer = ({ address, port, protocol }: ExternalFrontend, node: Node | undefined) =>
    protocol === "tcp" &&
    sources.apiServers.some((at) => at.port === port && (at.address === address || isControlPlane(node)));
  let nodes: ReadonlyMap<string, Node> | undefined;
  return (frontend) => {
    const { address, protocol, port, service } = frontend;
    // Most Services have no such frontend, and every Node has several addresses.
    nodes ??= byAddress(sources.nodes());
    const node = nodes.get(address);
    if (ranges.some((range) => isWithin(address, range))) return "it is in the range of the Services' own addresses";
    if (isApiServer(frontend, node)) return "the API server listens there";
    if (node === undefined) return undefined;
    const program = programAt(node, { protocol, port }, sources.nodePrograms);
    if (program !== undefined) return `${program} of node "${node.metadata.name}" listens there`;
    const owner = sources.nodePortOwners(nodePortKey(protocol, port)).find((key) => key !== service);
    return owner === undefined ? undefined : `it is a node port of Service "${owner}"`;
  };
}

function byAddress(nodes: readonly Node[]): ReadonlyMap<string, Node> {
  return new Map(
    nodes.flatMap((node) => (node.status.addresses ?? []).map(({ address }) => [canonical(address), node] as const)),
  );
}

/** Returns a text that changes with the facts that {@link reservations} takes from a Node: a Node changes with every heartbeat. */
export function reservationFactsOf(node: Node | undefined): string {
  return JSON.stringify([node?.status.addresses, node?.status.daemonEndpoints, isControlPlane(node)]);
}

/** Keys of a Service's node ports and its health check port: `tcp 30080`. */
export function nodePortKeysOf({ spec }: Service): readonly string[] {
  const ports = (spec.ports ?? []).map(({ protocol, nodePort = 0 }) => ({
    protocol: protocol.toLowerCase(),
    port: nodePort,
  }));
  return [...ports, { protocol: "tcp", port: spec.healthCheckNodePort ?? 0 }]
    .filter(({ port }) => port !== 0)
    .map(({ protocol, port }) => nodePortKey(protocol, port));
}

/** Whether a Service asks for addresses outside the Service range. */
export function hasExternalAddresses({ spec, status }: Service): boolean {
  return (spec.externalIPs ?? []).length > 0 || (status.loadBalancer?.ingress ?? []).length > 0;
}

/** Keys, as of {@link nodePortKeysOf}, of the ports at which a Service asks for addresses outside the Service range. */
export function externalPortKeysOf(service: Service): readonly string[] {
  if (!hasExternalAddresses(service)) return [];
  return (service.spec.ports ?? []).map(({ protocol, port }) => nodePortKey(protocol.toLowerCase(), port));
}

/** The API servers in the slices of the Service `default/kubernetes`. */
export function apiServersOf(slices: readonly EndpointSlice[]): readonly ApiServerEndpoint[] {
  return slices.flatMap(({ endpoints, ports }) =>
    endpoints
      .flatMap(({ addresses }) => addresses.map(canonical))
      .flatMap((address) => ports.flatMap(({ port }) => (port === undefined ? [] : [{ address, port }]))),
  );
}

/** The API server of a URL; nothing when the URL has a host name, whose addresses the proxy does not know. */
export function apiServerOfUrl(url: string): ApiServerEndpoint | undefined {
  const { hostname, port, protocol } = new URL(url);
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  if (!ipaddr.isValid(address)) return undefined;
  return { address: canonical(address), port: port === "" ? (protocol === "http:" ? 80 : 443) : Number(port) };
}

function isControlPlane(node: Node | undefined): boolean {
  return node?.metadata.labels?.[LABEL.controlPlane] !== undefined;
}

function programAt(
  { status }: Node,
  { protocol, port }: Pick<ExternalFrontend, "protocol" | "port">,
  programs: readonly ReservedPort[],
): string | undefined {
  const kubeletPort = status.daemonEndpoints?.kubeletEndpoint?.Port || KUBELET_PORT;
  if (protocol === "tcp" && port === kubeletPort) return "the kubelet";
  return programs.find((at) => at.protocol === protocol && at.port === port)?.program;
}

function nodePortKey(protocol: string, port: number): string {
  return `${protocol} ${port}`;
}

function isWithin(text: string, [network, bits]: ReturnType<typeof ipaddr.parseCIDR>): boolean {
  const address = ipaddr.parse(text);
  return address.kind() === network.kind() && address.match(network as never, bits);
}

/** One spelling for each address; a Node may have names among its addresses, which stay unchanged. */
function canonical(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.parse(address).toString() : address;
}
