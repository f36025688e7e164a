import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { isAbleToAnnounce, matchesOne, readyEndpoints, selectsPool } from "../announcement/selection.ts";
import type { BGPAdvertisement } from "../kinds/bgp-advertisement.ts";
import type { BGPPeer } from "../kinds/bgp-peer.ts";
import { bitsOf, formatAddress, type IPFamily, parseAddress } from "../pools/address.ts";
import { type CommunityValue, parseCommunity } from "./parse-community.ts";

/** What decides which nodes announce a Service's addresses, and how. */
export interface AnnouncementInput {
  readonly service: Service;
  /** Its addresses, at least one. */
  readonly addresses: readonly string[];
  /** The pool that they are of. */
  readonly pool: { readonly name: string; readonly labels: Readonly<Record<string, string>> | undefined };
  readonly slices: readonly EndpointSlice[];
  readonly nodes: readonly Node[];
  readonly advertisements: readonly BGPAdvertisement[];
  readonly peers: readonly BGPPeer[];
  /** The value that a Community has given a name. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** A prefix that is announced, and to whom. */
export interface Announcement {
  /** As `198.51.100.1/32`. */
  readonly prefix: string;
  readonly family: IPFamily;
  /** Undefined: what the router takes. */
  readonly localPref: number | undefined;
  readonly communities: readonly CommunityValue[];
  /** Names of peers. Undefined: all. */
  readonly peers: readonly string[] | undefined;
}

/** Who announces. */
export type Announcers =
  /** No advertisement is for it: it is none of BGP's business. */
  | { readonly type: "nothing" }
  | { readonly type: "none"; readonly why: string }
  | { readonly type: "nodes"; readonly of: ReadonlyMap<string, readonly Announcement[]> };

/**
 * Decides which nodes announce a Service's addresses by BGP: all that an advertisement selects and that have something to send
 * its packets to. (https://metallb.io/concepts/bgp/)
 */
export function announcers(input: AnnouncementInput): Announcers {
  const { service, pool, slices, nodes, peers } = input;
  const own = input.advertisements.filter(
    ({ spec = {} }) => matchesOne(spec.serviceSelectors, service.metadata.labels) && selectsPool(spec, pool),
  );
  if (own.length === 0) return { type: "nothing" };
  const none = (why: string) => ({ type: "none", why }) as const;
  const ready = readyEndpoints(slices);
  if (ready.length === 0) return none("no endpoint of the Service is ready");
  const problem = own.map((one) => problemOf(one, input)).find((text) => text !== undefined);
  if (problem !== undefined) return none(problem);
  const forNode = (node: Node) => own.filter(({ spec }) => matchesOne(spec?.nodeSelectors, node.metadata.labels));
  const able = nodes.filter((node) => isAbleToAnnounce(node) && forNode(node).length > 0);
  if (able.length === 0) return none("no node may announce that a BGPAdvertisement selects");
  const heard = (node: Node) => forNode(node).filter((one) => peers.some((peer) => mayHear(peer, one, node)));
  const peered = able.filter((node) => heard(node).length > 0);
  if (peered.length === 0) return none("no BGPPeer is for a node that may announce");
  const isLocal = service.spec.externalTrafficPolicy === "Local";
  const serving = peered.filter(({ metadata }) => !isLocal || ready.some(({ nodeName }) => nodeName === metadata.name));
  if (serving.length === 0) {
    return none("no node that may announce has a ready endpoint, as the policy Local asks for");
  }
  const of = new Map<string, readonly Announcement[]>();
  for (const node of serving) {
    const all = heard(node);
    const conflict = conflictOf(all);
    if (conflict !== undefined) return none(conflict);
    of.set(
      node.metadata.name,
      all.flatMap((one) => announcementsOf(one, input)),
    );
  }
  return { type: "nodes", of };
}

/** The names that Communities give, with their values. */
export function aliasesOf(
  communities: readonly { readonly spec?: { readonly communities?: readonly { name?: string; value?: string }[] } }[],
): ReadonlyMap<string, string> {
  const all = communities.flatMap(({ spec }) => spec?.communities ?? []);
  return new Map(all.map(({ name = "", value = "" }) => [name, value]));
}

/** Whether the node has the peer, and the advertisement is for it. */
function mayHear({ metadata, spec }: BGPPeer, { spec: wanted = {} }: BGPAdvertisement, node: Node): boolean {
  const { peers = [] } = wanted;
  return (peers.length === 0 || peers.includes(metadata.name)) && matchesOne(spec.nodeSelectors, node.metadata.labels);
}

function announcementsOf({ spec = {} }: BGPAdvertisement, { addresses, aliases }: AnnouncementInput) {
  const { aggregationLength = 32, aggregationLengthV6 = 128, localPref = 0, peers = [] } = spec;
  const values = (spec.communities ?? [])
    .map((text) => communityOf(text, aliases))
    .filter((value) => value !== undefined);
  return addresses.flatMap((text): Announcement[] => {
    const address = parseAddress(text);
    if (address === undefined) return [];
    const length = address.family === "IPv4" ? aggregationLength : aggregationLengthV6;
    const hostBits = BigInt(bitsOf(address.family) - length);
    const first = formatAddress({ ...address, value: (address.value >> hostBits) << hostBits });
    return [
      {
        prefix: `${first}/${length}`,
        family: address.family,
        localPref: localPref === 0 ? undefined : localPref,
        communities: values,
        peers: peers.length === 0 ? undefined : peers,
      },
    ];
  });
}

function problemOf({ metadata: { name }, spec = {} }: BGPAdvertisement, { aliases }: AnnouncementInput) {
  const { aggregationLength = 32, aggregationLengthV6 = 128, communities = [] } = spec;
  const lengths = [
    { length: aggregationLength, family: "IPv4" as const },
    { length: aggregationLengthV6, family: "IPv6" as const },
  ];
  for (const { length, family } of lengths) {
    if (length < 0 || length > bitsOf(family)) {
      return `BGPAdvertisement "${name}": invalid aggregation length ${length} for ${family}`;
    }
  }
  const wrong = communities.find((text) => communityOf(text, aliases) === undefined);
  return wrong === undefined
    ? undefined
    : `BGPAdvertisement "${name}": invalid community "${wrong}" in BGP advertisement`;
}

function communityOf(text: string, aliases: ReadonlyMap<string, string>): CommunityValue | undefined {
  return parseCommunity(aliases.get(text) ?? text);
}

/** Two advertisements of one prefix to one peer with different preferences. */
function conflictOf(all: readonly BGPAdvertisement[]): string | undefined {
  for (const [at, one] of all.entries()) {
    const other = all.slice(0, at).find((earlier) => isInConflict(one, earlier));
    if (other === undefined) continue;
    const [mine, theirs] = [one, other].map(({ spec }) => spec?.localPref ?? 0);
    return `invalid local preference ${mine} of BGPAdvertisement "${one.metadata.name}": ${theirs} was already set by "${other.metadata.name}"`;
  }
  return undefined;
}

function isInConflict({ spec: one = {} }: BGPAdvertisement, { spec: other = {} }: BGPAdvertisement): boolean {
  if ((one.localPref ?? 0) === (other.localPref ?? 0)) return false;
  const isSame = (mine = 0, theirs = 0) => mine === theirs;
  const isSamePrefix =
    isSame(one.aggregationLength ?? 32, other.aggregationLength ?? 32) ||
    isSame(one.aggregationLengthV6 ?? 128, other.aggregationLengthV6 ?? 128);
  const [mine, theirs] = [one.peers ?? [], other.peers ?? []];
  const isSamePeer = mine.length === 0 || theirs.length === 0 || mine.some((peer) => theirs.includes(peer));
  return isSamePrefix && isSamePeer;
}
