import { randomInt } from "node:crypto";
import type { Clock } from "@fairlead/lib/clock";
import { CLASS_IN, type Question } from "../wire/message.ts";
import type { Forwarder } from "./forwarder.ts";
import type { Upstream } from "./upstream.ts";

/** HINFO (RFC 1035 §3.3.2), which CoreDNS probes with, too: no other question of a cluster has it. */
const PROBE_TYPE = 13;
const RANDOM_MAX = 2 ** 47;
/** Pause before an upstream that did not answer is probed again, and how long it is tried, in milliseconds. */
const RETRY_MS = 2_000;
const GIVE_UP_MS = 30_000;

/** Finds upstreams that lead back to this server. */
export interface LoopProbes {
  /** Asks each upstream for a random name below `zone`. `onLoop` gets the upstream through which the question came back. */
  start(zone: string, forwarder: Forwarder, onLoop: (upstream: Upstream) => void): void;
  /** Returns whether a question is one of ours that came back. */
  cameBack(question: Question): boolean;
  close(): void;
}

export function createLoopProbes(clock: Clock): LoopProbes {
  const underWay = new Map<string, () => void>();
  const ending = new AbortController();

  async function probe(zone: string, forwarder: Forwarder, index: number, onLoop: () => void): Promise<void> {
    const name = [`${randomInt(RANDOM_MAX)}`, `${randomInt(RANDOM_MAX)}`, zone].filter((part) => part !== "").join(".");
    let isOver = false;
    underWay.set(name, () => {
      isOver = true;
      onLoop();
    });
    const endMs = clock.monotonicMs() + GIVE_UP_MS;
    while (!isOver && !ending.signal.aborted && clock.monotonicMs() < endMs) {
      if (await forwarder.probe(index, { name, type: PROBE_TYPE, class: CLASS_IN })) break;
      await clock.sleep(RETRY_MS, ending.signal).catch(() => {});
    }
    underWay.delete(name);
  }

  return {
    start(zone, forwarder, onLoop) {
      for (const [index, upstream] of forwarder.upstreams.entries()) {
        void probe(zone, forwarder, index, () => onLoop(upstream));
      }
    },
    cameBack({ name, type }) {
      if (type !== PROBE_TYPE || underWay.size === 0) return false;
      const found = underWay.get(name);
      if (found === undefined) return false;
      underWay.delete(name);
      found();
      return true;
    },
    close: () => ending.abort(new Error("The probes were stopped")),
  };
}
