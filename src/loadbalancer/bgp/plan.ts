import type { Node } from "@fairlead/api/core/v1/node/node";
import { matchesOne } from "../announcement/selection.ts";
import type { BGPPeer } from "../kinds/bgp-peer.ts";
import type { IPFamily } from "../pools/address.ts";
import type { Announcement } from "./announcements.ts";
import type { CommunityValue } from "./parse-community.ts";
import { type Peer, PeerProblem, type PeerSurroundings, readPeer } from "./read-peer.ts";

/** What one node announces, and to whom. */
export interface SpeakerInput extends PeerSurroundings {
  /** Undefined: it is not known yet. */
  readonly node: Node | undefined;
  readonly peers: readonly BGPPeer[];
  /** By the `namespace/name` of the Service. */
  readonly announcements: ReadonlyMap<string, readonly Announcement[]>;
}

export interface SpeakerPlan {
  readonly sessions: readonly Session[];
  /** Why the node has no session with a peer, by the peer's name. */
  readonly problems: ReadonlyMap<string, string>;
  /** The peers that each Service is announced to, by its `namespace/name`. */
  readonly announced: ReadonlyMap<string, readonly string[]>;
}

export interface Session extends Peer {
  readonly prefixes: readonly AnnouncedPrefix[];
}

export interface AnnouncedPrefix {
  readonly prefix: string;
  readonly family: IPFamily;
  readonly localPref: number | undefined;
  readonly communities: readonly CommunityValue[];
}

/** Decides which sessions a node has, and what it announces over each. */
export function planSpeaker({ node, peers, announcements, ...surroundings }: SpeakerInput): SpeakerPlan {
  const sessions: Session[] = [];
  const problems = new Map<string, string>();
  const announced = new Map<string, string[]>();
  const own =
    node === undefined ? [] : peers.filter(({ spec }) => matchesOne(spec.nodeSelectors, node.metadata.labels));
  for (const object of own.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))) {
    const { name } = object.metadata;
    try {
      const peer = readPeer(object, surroundings);
      const twin = sessions.find(({ address, port }) => address === peer.address && port === peer.port);
      if (twin !== undefined) throw new PeerProblem(`BGPPeer "${twin.name}" has the same address and port`);
      sessions.push({ ...peer, prefixes: prefixesFor(peer, announcements) });
      for (const [service, all] of announcements) {
        if (all.some((one) => isFor(one, peer))) announced.set(service, [...(announced.get(service) ?? []), name]);
      }
    } catch (error) {
      if (!(error instanceof PeerProblem)) throw error;
      problems.set(name, error.message);
    }
  }
  return { sessions, problems, announced };
}

function isFor({ peers, family }: Announcement, { name, families }: Peer): boolean {
  return (peers === undefined || peers.includes(name)) && families.includes(family);
}

/** Each prefix once, with the communities of all that announce it. */
function prefixesFor(
  peer: Peer,
  announcements: ReadonlyMap<string, readonly Announcement[]>,
): readonly AnnouncedPrefix[] {
  const byPrefix = new Map<string, AnnouncedPrefix>();
  for (const one of [...announcements.values()].flat()) {
    if (!isFor(one, peer)) continue;
    const { prefix, family, localPref, communities } = one;
    const before = byPrefix.get(prefix);
    // Of two preferences the higher one: those of one Service were compared before.
    const higher = [before?.localPref, localPref].filter((preference) => preference !== undefined);
    byPrefix.set(prefix, {
      ...{ prefix, family },
      localPref: higher.length === 0 ? undefined : Math.max(...higher),
      communities: distinct([...(before?.communities ?? []), ...communities]),
    });
  }
  return [...byPrefix.values()].toSorted((a, b) => (a.prefix < b.prefix ? -1 : 1));
}

function distinct(all: readonly CommunityValue[]): readonly CommunityValue[] {
  return [...new Map(all.map((value) => [value.join(), value])).values()].toSorted((a, b) =>
    a.join() < b.join() ? -1 : 1,
  );
}
