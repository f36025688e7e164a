import { isIPv6 } from "@fairlead/lib/ip-family";
import type { Names } from "./names.ts";
import { serviceDomain } from "./names.ts";
import { addressOfLabel } from "./reverse-name.ts";
import { endpointsNamed, type NamedPort, type ServiceNames } from "./service-names.ts";
import type { DnsRecord, Question, RecordData, Reply } from "./wire/message.ts";
import { recordTypes } from "./wire/message.ts";

/** The version of Kubernetes DNS-Based Service Discovery that is answered. */
const SCHEMA_VERSION = "1.1.0";
/** TTL of the version, in seconds: the one of the specification's example, and of CoreDNS. */
const VERSION_TTL_SECONDS = 28_800;
/** Longest TTL of a SOA record and with it of negative answers, in seconds, as CoreDNS limits it. */
const SOA_TTL_MAX_SECONDS = 300;
const SRV_WEIGHT_TOTAL = 100;
/** Of how many SRV targets the addresses are added: more do not fit into an answer over UDP. */
const ADDITIONAL_TARGETS_MAX = 32;

/** What an answer depends on besides the names. */
export interface Zone {
  /** Lower case, without dots around it: `cluster.local`. */
  readonly clusterDomain: string;
  /** On every record, 0–3600. CoreDNS's default is 5. */
  readonly ttlSeconds: number;
  /** The address of the DNS Service, which the zone's name server has. */
  readonly serverAddress: string;
  /** The zone's serial number, up to 2^32 - 1. */
  readonly serial: number;
  /** Zone of the configuration that has the name, the owner of SOA records. Default `clusterDomain`; another one for names of addresses. */
  readonly origin?: string | undefined;
  /** Whether `10-244-0-5.NAMESPACE.pod` has an address: CoreDNS's `pods insecure`. Default: yes. */
  readonly podNames?: boolean | undefined;
}

/** `forward`: not ours to answer. `follow`: the reply is the start of a chain that goes on at another name. */
export type Answer =
  | { readonly do: "reply"; readonly reply: Reply }
  | { readonly do: "follow"; readonly reply: Reply; readonly target: string }
  | { readonly do: "forward" };

/** What one name holds: records without their name; undefined when the name does not exist. */
type Held = readonly RecordData[] | undefined;

/**
 * Answers one question of the Internet class from what is known now, without I/O.
 *
 * A name that exists but has no record of the asked type is `NOERROR` with no records; a name that does not exist is
 * `NXDOMAIN`. Resolvers cache the two differently (RFC 2308 §2). A headless Service with no ready endpoint counts as
 * not existing (Kubernetes DNS-Based Service Discovery §2.4.1). ANY gets the records of one type (RFC 8482 §4.1).
 * Never throws: a question with no answer is an rcode.
 */
export function answer(question: Question, names: Names, zone: Zone): Answer {
  const { name } = question;
  if (isBelow(name, "in-addr.arpa") || isBelow(name, "ip6.arpa")) return answerReverse(question, names, zone);
  if (!isBelow(name, zone.clusterDomain)) return { do: "forward" };
  const labels = name.slice(0, -zone.clusterDomain.length - 1).split(".");
  const held = name === zone.clusterDomain ? heldByApex(zone) : heldBy(labels, names, zone);
  return answerFrom(held, question, names, zone);
}

/** Answers a name of an address that the cluster does not know, where no other resolver is asked for it. */
export function answerUnknown(question: Question, names: Names, zone: Zone): Answer {
  return answerFrom(question.name === originOf(zone) ? heldByApex(zone) : undefined, question, names, zone);
}

function answerFrom(held: Held, { name, type }: Question, names: Names, zone: Zone): Answer {
  if (held === undefined) return { do: "reply", reply: negative("NXDOMAIN", zone) };
  const wantedType = type === recordTypes.ANY ? held[0]?.type : undefined;
  const wanted = held.filter((data) => data.type === wantedType || typeNumber(data) === type);
  if (wanted.length > 0) return { do: "reply", reply: positive(name, wanted, names, zone) };
  const alias = held.find(isAlias);
  if (alias !== undefined) return { do: "follow", reply: positive(name, [alias], names, zone), target: alias.target };
  return { do: "reply", reply: negative("NOERROR", zone) };
}

/** Addresses without a name in the cluster may have one elsewhere. */
function answerReverse(question: Question, names: Names, zone: Zone): Answer {
  const targets = names.reverse(question.name);
  if (targets.length === 0) return { do: "forward" };
  const held = targets.map((target): RecordData => ({ type: "PTR", target }));
  return answerFrom(held, question, names, zone);
}

function isBelow(name: string, parent: string): boolean {
  return name === parent || name.endsWith(`.${parent}`);
}

function heldByApex(zone: Zone): Held {
  return [soaOf(zone), { type: "NS", target: `ns.dns.${zone.clusterDomain}` }];
}

/** `labels` are those before the cluster's domain, at least one. */
function heldBy(labels: readonly string[], names: Names, zone: Zone): Held {
  const [first = "", second] = labels;
  switch (labels.at(-1)) {
    case "dns-version":
      return labels.length === 1 ? [{ type: "TXT", texts: [SCHEMA_VERSION] }] : undefined;
    case "dns":
      if (labels.length === 1) return [];
      return labels.length === 2 && first === "ns" ? addressData([zone.serverAddress]) : undefined;
    case "svc":
      return heldBelowSvc(labels.slice(0, -1), names, zone);
    case "pod":
      if (zone.podNames === false) return labels.length === 1 ? [] : undefined;
      return heldBelowPod(
        labels.length === 3 ? first : undefined,
        labels.length === 3 ? second : first,
        names,
        labels.length,
      );
    default:
      return undefined;
  }
}

/** Pods' names are made from their addresses, without a look whether there is such a pod (CoreDNS's `pods insecure`). */
function heldBelowPod(label: string | undefined, namespace: string | undefined, names: Names, depth: number): Held {
  if (depth === 1) return [];
  if (depth > 3 || namespace === undefined || !names.hasNamespace(namespace)) return undefined;
  if (label === undefined) return [];
  const address = addressOfLabel(label);
  return address === undefined ? undefined : addressData([address]);
}

function heldBelowSvc(labels: readonly string[], names: Names, zone: Zone): Held {
  if (labels.length === 0) return [];
  const namespace = labels.at(-1) ?? "";
  if (labels.length === 1) return names.hasNamespace(namespace) ? [] : undefined;
  const service = names.service(`${namespace}/${labels.at(-2)}`);
  if (service === undefined) return undefined;
  const [first = "", second = ""] = labels;
  switch (labels.length) {
    case 2:
      return heldByService(service, zone);
    case 3:
      return first.startsWith("_") ? heldByProtocol(service, first.slice(1)) : heldByEndpoint(service, first);
    case 4:
      return first.startsWith("_") && second.startsWith("_")
        ? heldByPort(service, { name: first.slice(1), protocol: second.slice(1) }, zone)
        : undefined;
    default:
      return undefined;
  }
}

/**
 * Returns the Service, as `namespace/name`, that alone decides what the name and the names that its records lead to hold; undefined
 * for names that anything else decides about.
 */
export function serviceDeciding(name: string, clusterDomain: string): string | undefined {
  const end = `.svc.${clusterDomain}`;
  if (!name.endsWith(end)) return undefined;
  const namespaceAt = name.lastIndexOf(".", name.length - end.length - 1);
  if (namespaceAt < 0) return undefined;
  const serviceAt = name.lastIndexOf(".", namespaceAt - 1);
  return `${name.slice(namespaceAt + 1, name.length - end.length)}/${name.slice(serviceAt + 1, namespaceAt)}`;
}

function heldByService(service: ServiceNames, zone: Zone): Held {
  if (service.externalName !== undefined) {
    // Names that resemble addresses are not resolved (Kubernetes, "Service", type ExternalName).
    return /^\d+(?:\.\d+){3}$/.test(service.externalName)
      ? undefined
      : [{ type: "CNAME", target: service.externalName }];
  }
  const addresses = service.headless ? service.endpoints.map(({ address }) => address) : service.addresses;
  if (service.headless && addresses.length === 0) return undefined;
  return [...addressData(addresses), ...srvData(service, () => true, zone)];
}

/** `_tcp.NAME…` holds nothing, but what is below it does. */
function heldByProtocol({ ports }: ServiceNames, protocol: string): Held {
  return ports.some((port) => port.protocol === protocol && port.name !== "") ? [] : undefined;
}

function heldByEndpoint(service: ServiceNames, label: string): Held {
  const found = endpointsNamed(service, label);
  return found.length === 0 ? undefined : addressData(found.map(({ address }) => address));
}

function heldByPort(service: ServiceNames, wanted: Pick<NamedPort, "name" | "protocol">, zone: Zone): Held {
  const found = srvData(service, ({ name, protocol }) => name === wanted.name && protocol === wanted.protocol, zone);
  return found.length === 0 || wanted.name === "" ? undefined : found;
}

/** One record per port; of a headless Service one per endpoint and port. */
function srvData(service: ServiceNames, matches: (port: NamedPort) => boolean, zone: Zone): RecordData[] {
  const domain = serviceDomain(service, zone.clusterDomain);
  const targets = service.headless
    ? service.endpoints.flatMap((endpoint) =>
        endpoint.ports.filter(matches).map(({ port }) => ({ port, target: `${endpoint.label}.${domain}` })),
      )
    : service.ports.filter(matches).map(({ port }) => ({ port, target: domain }));
  // Endpoints that share a hostname, as those of a pod with two addresses, have one record (RFC 2181 §5).
  const distinct = [...new Map(targets.map((target) => [`${target.port} ${target.target}`, target])).values()];
  const weight = Math.max(1, Math.floor(SRV_WEIGHT_TOTAL / Math.max(1, distinct.length)));
  return distinct.map(({ port, target }) => ({ type: "SRV", priority: 0, weight, port, target }));
}

function addressData(addresses: readonly string[]): RecordData[] {
  return addresses.map((address) => ({ type: isIPv6(address) ? "AAAA" : "A", address }));
}

function positive(name: string, wanted: readonly RecordData[], names: Names, zone: Zone): Reply {
  const answers = wanted.map((data): DnsRecord => ({ name, ttlSeconds: ttlOf(data, zone), ...data }));
  const targets = new Set(wanted.flatMap((data) => (data.type === "SRV" || data.type === "NS" ? [data.target] : [])));
  const additional = [...targets]
    .slice(0, ADDITIONAL_TARGETS_MAX)
    .flatMap((target) => addressesOf(target, names, zone));
  return { rcode: "NOERROR", authoritative: true, answers, ...(additional.length > 0 && { additional }) };
}

function ttlOf({ type }: RecordData, { ttlSeconds }: Zone): number {
  if (type === "TXT") return VERSION_TTL_SECONDS;
  return type === "SOA" ? Math.min(ttlSeconds, SOA_TTL_MAX_SECONDS) : ttlSeconds;
}

/** The addresses of a record's targets, which save clients a second question. */
function addressesOf(name: string, names: Names, zone: Zone): DnsRecord[] {
  const labels = name.slice(0, -zone.clusterDomain.length - 1).split(".");
  const held = heldBy(labels, names, zone) ?? [];
  return held
    .filter((data) => data.type === "A" || data.type === "AAAA")
    .map((data): DnsRecord => ({ name, ttlSeconds: zone.ttlSeconds, ...data }));
}

function negative(rcode: "NOERROR" | "NXDOMAIN", zone: Zone): Reply {
  const soa = soaOf(zone);
  const authority = [{ name: originOf(zone), ttlSeconds: ttlOf(soa, zone), ...soa }];
  return { rcode, authoritative: true, answers: [], authority };
}

function originOf({ origin, clusterDomain }: Zone): string {
  return origin ?? clusterDomain;
}

function soaOf(zone: Zone): Extract<RecordData, { type: "SOA" }> {
  const { serial, ttlSeconds } = zone;
  return {
    type: "SOA",
    primary: `ns.dns.${originOf(zone)}`,
    mailbox: `hostmaster.${originOf(zone)}`,
    serial,
    refreshSeconds: 7_200,
    retrySeconds: 1_800,
    expireSeconds: 86_400,
    negativeTtlSeconds: ttlSeconds,
  };
}

function isAlias(
  data: RecordData,
): data is Extract<RecordData, { readonly target: string; readonly type: "CNAME" | "NS" | "PTR" }> {
  return data.type === "CNAME";
}

function typeNumber(data: RecordData): number {
  return data.type === "other" ? data.typeNumber : recordTypes[data.type];
}
