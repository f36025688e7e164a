import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import type { BGPPeer } from "../kinds/bgp-peer.ts";
import { protocolName } from "./bird-config.ts";
import type { SpeakerPlan } from "./plan.ts";
import type { SessionState } from "./read-sessions.ts";

/** How long a session may take to come up before an event says that it is not, in milliseconds. */
const DOWN_MS = 10_000;
const ESTABLISHED = "Established";

/** Records at peers whether a node has a session with them, and why not. */
export interface PeerReports {
  /** To be called with each plan, and the states of its sessions by BIRD's names for them. */
  note(plan: SpeakerPlan, states: ReadonlyMap<string, SessionState>, peers: readonly BGPPeer[]): void;
  /** Names of peers with a session. */
  established(): ReadonlySet<string>;
}

export interface PeerReportsOptions {
  readonly events: EventRecorder;
  readonly nodeName: string;
  readonly clock: Clock;
}

export function createPeerReports({ events, nodeName, clock }: PeerReportsOptions): PeerReports {
  /** The last thing said of each peer, by name. */
  const said = new Map<string, string>();
  const downSinceMs = new Map<string, number>();
  const up = new Set<string>();

  function say(peer: BGPPeer, type: "Normal" | "Warning", reason: string, message: string): void {
    if (said.get(peer.metadata.name) === message) return;
    said.set(peer.metadata.name, message);
    events.record(peer, { type, reason, message });
  }

  return {
    note({ sessions, problems }, states, peers) {
      const wanted = new Set([...sessions.map(({ name }) => name), ...problems.keys()]);
      for (const map of [said, downSinceMs]) for (const name of map.keys()) if (!wanted.has(name)) map.delete(name);
      up.clear();
      const peerOf = (name: string) => peers.find(({ metadata }) => metadata.name === name);
      for (const [name, problem] of problems) {
        const peer = peerOf(name);
        if (peer) say(peer, "Warning", "InvalidPeer", `node "${nodeName}" has no session: ${problem}`);
      }
      for (const { name, address, port, myASN, peerASN } of sessions) {
        const { state = "", reason = "" } = states.get(protocolName(name)) ?? {};
        const peer = peerOf(name);
        if (peer === undefined) continue;
        if (state === ESTABLISHED) {
          up.add(name);
          downSinceMs.delete(name);
          say(peer, "Normal", "SessionUp", `node "${nodeName}" has a BGP session with ${address}`);
          continue;
        }
        const sinceMs = downSinceMs.get(name) ?? clock.monotonicMs();
        downSinceMs.set(name, sinceMs);
        if (clock.monotonicMs() - sinceMs < DOWN_MS) continue;
        const why = [state === "" ? "BIRD does not answer" : state, reason].filter((text) => text !== "").join(", ");
        const advice = `the router at ${address} port ${port} of AS ${peerASN} must have this node as a neighbor of AS ${myASN}`;
        say(peer, "Warning", "SessionDown", `node "${nodeName}" has no BGP session: ${why}; ${advice}`);
      }
    },
    established: () => up,
  };
}
