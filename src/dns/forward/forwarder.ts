import { randomInt } from "node:crypto";
import type { Clock } from "@fairlead/lib/clock";
import { createRecent } from "@fairlead/lib/recent";
import { decodeResponse } from "../wire/decode-message.ts";
import { encodeQuery } from "../wire/encode-message.ts";
import type { Question } from "../wire/message.ts";
import { rcodeName } from "../wire/rcode-name.ts";
import { aged, keepSeconds } from "./cached-response.ts";
import { exchangeTcp, exchangeUdp } from "./exchange.ts";
import type { ForwardMetrics } from "./forward-metrics.ts";
import type { Upstream } from "./upstream.ts";

const KEPT_MAX = 10_000;
/** Most answers have less than 200 bytes: those of clients who ask for large ones must not fill the memory. */
const KEPT_BYTES_MAX = 8 * 1024 * 1024;
/** Questions asked at a time. More are refused: upstreams that are away must not fill the memory. */
const UNDER_WAY_MAX = 1_000;
const ROUNDS = 2;

export interface ForwarderOptions {
  /** Asked one after another, the one that answered last first. */
  readonly upstreams: readonly Upstream[];
  /** How long one upstream may take. Default 2 000. */
  readonly timeoutMs?: number | undefined;
  readonly clock: Clock;
  /** Default: nothing is counted. */
  readonly metrics?: ForwardMetrics | undefined;
}

/** Asks other resolvers, and caches their answers. */
export interface Forwarder {
  /**
   * A whole response, whose id and spelling of the question are ours and not the client's. Undefined when no upstream answered.
   *
   * The same question is asked once at a time: should an upstream ask us, its question waits for its own answer and fails
   * with it, and no packet goes round in circles.
   */
  resolve(question: Question): Promise<Uint8Array | undefined>;
  close(): void;
}

interface Kept {
  readonly bytes: Uint8Array;
  readonly sinceMs: number;
  readonly untilMs: number;
}

export function createForwarder({ upstreams, timeoutMs = 2_000, clock, metrics }: ForwarderOptions): Forwarder {
  const kept = createRecent<Kept>(KEPT_MAX, { bytesMax: KEPT_BYTES_MAX, bytesOf: ({ bytes }) => bytes.byteLength });
  const underWay = new Map<string, Promise<Uint8Array | undefined>>();
  const ending = new AbortController();
  let preferred = 0;

  async function exchange(query: Uint8Array, upstream: Upstream): Promise<Uint8Array> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, ending.signal]);
    clock.sleep(timeoutMs, signal).then(
      () => over.abort(new Error(`${upstream.address} did not answer within ${timeoutMs} ms`)),
      () => {},
    );
    try {
      const response = await counted(upstream, exchangeUdp(query, upstream, signal));
      if (!decodeResponse(response).truncated) return response;
      return await counted(upstream, exchangeTcp(query, upstream, signal));
    } finally {
      over.abort();
    }
  }

  async function counted(upstream: Upstream, responding: Promise<Uint8Array>): Promise<Uint8Array> {
    const startedMs = clock.monotonicMs();
    const response = await responding;
    metrics?.responded(upstream, rcodeName(response), (clock.monotonicMs() - startedMs) / 1000);
    return response;
  }

  async function ask(question: Question): Promise<Uint8Array | undefined> {
    const query = encodeQuery(randomInt(0x1_0000), question);
    for (let attempt = 0; attempt < ROUNDS * upstreams.length && !ending.signal.aborted; attempt++) {
      const index = preferred % upstreams.length;
      const upstream = upstreams[index];
      if (upstream === undefined) break;
      try {
        return await exchange(query, upstream);
      } catch {
        // The next one is asked; when none is left, the caller says SERVFAIL. Others may have moved on already.
        if (preferred % upstreams.length === index) preferred = index + 1;
      }
    }
    return undefined;
  }

  async function askAndKeep(key: string, question: Question): Promise<Uint8Array | undefined> {
    const bytes = await ask(question);
    if (bytes === undefined) return undefined;
    const sinceMs = clock.monotonicMs();
    const untilMs = sinceMs + keepSeconds(bytes) * 1000;
    if (untilMs > sinceMs) kept.set(key, { bytes, sinceMs, untilMs });
    return bytes;
  }

  return {
    async resolve(question) {
      const key = `${question.type} ${question.class} ${question.name}`;
      const known = kept.get(key);
      const nowMs = clock.monotonicMs();
      if (known !== undefined && nowMs < known.untilMs) {
        return aged(known.bytes, Math.floor((nowMs - known.sinceMs) / 1000));
      }
      const present = underWay.get(key);
      if (present !== undefined) return present;
      if (underWay.size >= UNDER_WAY_MAX) {
        metrics?.rejected();
        return undefined;
      }
      const asking = askAndKeep(key, question).finally(() => underWay.delete(key));
      underWay.set(key, asking);
      return asking;
    },
    close() {
      ending.abort(new Error("The forwarder was closed"));
    },
  };
}
