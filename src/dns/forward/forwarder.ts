import { randomInt } from "node:crypto";
import type { Clock } from "@fairlead/lib/clock";
import { decodeResponse } from "../wire/decode-message.ts";
import { encodeQuery } from "../wire/encode-message.ts";
import { CLASS_IN, type Question, recordTypes } from "../wire/message.ts";
import { rcodeName } from "../wire/rcode-name.ts";
import { exchangeUdp } from "./exchange-udp.ts";
import type { ForwardMetrics } from "./forward-metrics.ts";
import { createHealth, type Health } from "./health.ts";
import { createStreamConnections, type StreamConnections } from "./stream-connections.ts";
import type { Upstream } from "./upstream.ts";
import { type Policy, upstreamOrder } from "./upstream-order.ts";

/** Questions asked at a time, by default. More are refused: upstreams that are away must not fill the memory. */
const UNDER_WAY_MAX = 1_000;
/** Passes over all upstreams for one question, as CoreDNS. */
const ROUNDS = 2;
/** Time for all attempts of one question, in milliseconds; an attempt that has begun is waited for. CoreDNS has the same. */
const ATTEMPTS_MS = 5_000;
/** Attempts for one question whatever is configured: upstreams that refuse at once must not keep the processor busy. */
const ATTEMPTS_MAX = 50;
const RANDOM_RANGE = 2 ** 32;

/** Which upstreams are asked, and how: the options of CoreDNS's forward plugin, with its defaults where nothing else is said. */
export interface ForwardOptions {
  readonly upstreams: readonly Upstream[];
  /** Which upstream is asked first. Default `sequential`. Those whose latest exchange failed come after the others. */
  readonly policy?: Policy | undefined;
  /** How long one upstream may take, in milliseconds. Default 2 000. */
  readonly timeoutMs?: number | undefined;
  /** Failed health checks in a row after which an upstream that fails once more is down. Default 2; 0: no checks. */
  readonly maxFails?: number | undefined;
  /** Pause between health checks, in milliseconds. Default 500. */
  readonly healthCheckMs?: number | undefined;
  /** The name whose NS records a health check asks for. Default: the root. */
  readonly healthCheckName?: string | undefined;
  /** Time for which a connection without questions is kept, in milliseconds. Default 10 000. */
  readonly expireMs?: number | undefined;
  /** Most connections to an upstream that are kept without questions. Default 0: any number. */
  readonly idleConnectionsMax?: number | undefined;
  /** Asks over TCP at once. Default: over UDP, and over TCP when the answer is truncated. */
  readonly forceTcp?: boolean | undefined;
  /** Questions asked at a time; more are refused. Default 1 000. */
  readonly concurrentMax?: number | undefined;
  /** Attempts for one question; 0: as many as there is time for. Default: two passes over all upstreams. */
  readonly attemptsMax?: number | undefined;
  /** Codes after which the next upstream is asked, in CoreDNS's words: `SERVFAIL`. Default none. */
  readonly failover?: readonly string[] | undefined;
  /** Gives up at once when all upstreams are down. Default: a random one is asked. */
  readonly failFast?: boolean | undefined;
}

export interface ForwarderOptions extends ForwardOptions {
  readonly clock: Clock;
  /** Default: nothing is counted. */
  readonly metrics?: ForwardMetrics | undefined;
  /** In [0, 1). Default: what the kernel gives. */
  readonly random?: (() => number) | undefined;
  /** Certificates of the authorities that are trusted for TLS, as PEM. Default: those of Node. */
  readonly trusted?: string | undefined;
}

/** Asks other resolvers. */
export interface Forwarder {
  /**
   * A whole response, whose id and spelling of the question are ours and not the client's. Undefined when no upstream answered.
   *
   * The same question is asked once at a time: should an upstream ask us, its question waits for its own answer and fails
   * with it, and no packet goes round in circles.
   */
  resolve(question: Question): Promise<Uint8Array | undefined>;
  readonly upstreams: readonly Upstream[];
  /** Asks one upstream this one question, once. Returns whether it answered. */
  probe(index: number, question: Question): Promise<boolean>;
  /** Asks this upstream no more: it leads back to this server. */
  exclude(upstream: Upstream): void;
  close(): void;
}

/** One upstream with its connections and its health. */
interface Link {
  readonly upstream: Upstream;
  readonly streams: StreamConnections;
  readonly health: Health;
}

export function createForwarder(options: ForwarderOptions): Forwarder {
  const { clock, metrics, failover = [], concurrentMax = UNDER_WAY_MAX } = options;
  const random = options.random ?? (() => randomInt(RANDOM_RANGE) / RANDOM_RANGE);
  const underWay = new Map<string, Promise<Uint8Array | undefined>>();
  const ending = new AbortController();
  const exchange = exchanger(options, random, ending.signal);
  let links = options.upstreams.map((upstream) => linkTo(upstream, options, exchange, ending.signal));
  let turn = 0;

  /** In the order of the policy, those first of which no failure is known. */
  function inOrder(): readonly Link[] {
    const { policy = "sequential" } = options;
    const ordered = upstreamOrder(policy, links.length, { turn: turn++, random }).flatMap((i) => links[i] ?? []);
    return ordered.toSorted((a, b) => Number(a.health.isSuspect) - Number(b.health.isSuspect));
  }

  /** The link for an attempt; nothing when all are down and that is an end. */
  function choose(ordered: readonly Link[], attempt: number): Link | undefined {
    const up = ordered.filter(({ health }) => !health.isDown);
    if (up.length > 0) return up[attempt % up.length];
    metrics?.allDown();
    return options.failFast === true ? undefined : ordered[Math.floor(random() * ordered.length)];
  }

  async function ask(question: Question): Promise<Uint8Array | undefined> {
    const endMs = clock.monotonicMs() + ATTEMPTS_MS;
    const ordered = inOrder();
    const { attemptsMax = ROUNDS * ordered.length } = options;
    const tries = attemptsMax === 0 ? ATTEMPTS_MAX : Math.min(attemptsMax, ATTEMPTS_MAX);
    let last: Uint8Array | undefined;
    for (let attempt = 0; attempt < tries && !ending.signal.aborted; attempt++) {
      if (attempt > 0 && clock.monotonicMs() >= endMs) break;
      const link = choose(ordered, attempt);
      if (link === undefined) break;
      try {
        const response = await exchange(link, question);
        link.health.succeeded();
        last = response;
        if (!failover.includes(rcodeName(response)) || attempt + 1 >= ordered.length) return response;
      } catch {
        // The next one is asked; when none is left, the caller says SERVFAIL.
        link.health.failed();
      }
    }
    return last;
  }

  return {
    async resolve(question) {
      const key = `${question.type} ${question.class} ${question.name}`;
      const present = underWay.get(key);
      if (present !== undefined) return present;
      if (underWay.size >= concurrentMax) {
        metrics?.rejected();
        return undefined;
      }
      const asking = ask(question).finally(() => underWay.delete(key));
      underWay.set(key, asking);
      return asking;
    },
    upstreams: options.upstreams,
    async probe(index, question) {
      const link = links[index];
      return link !== undefined && (await exchange(link, question).then(isTrue, isFalse));
    },
    exclude(upstream) {
      links = links.filter((link) => link.upstream !== upstream);
    },
    close() {
      ending.abort(new Error("The forwarder was closed"));
      for (const { streams } of links) streams.close();
    },
  };
}

const isTrue = () => true;
const isFalse = () => false;

type Exchange = (to: Pick<Link, "upstream" | "streams">, question: Question) => Promise<Uint8Array>;

/** Returns the function that asks one upstream a question once, within the time that it may take. */
function exchanger(options: ForwarderOptions, random: () => number, ending: AbortSignal): Exchange {
  const { clock, metrics, timeoutMs = 2_000, forceTcp = false } = options;

  async function counted(upstream: Upstream, responding: Promise<Uint8Array>): Promise<Uint8Array> {
    const startedMs = clock.monotonicMs();
    const response = await responding;
    metrics?.responded(upstream, rcodeName(response), (clock.monotonicMs() - startedMs) / 1000);
    return response;
  }

  return async ({ upstream, streams }, question) => {
    const query = encodeQuery(Math.floor(random() * 0x1_0000), question);
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, ending]);
    clock.sleep(timeoutMs, signal).then(
      () => over.abort(new Error(`${upstream.address} did not answer within ${timeoutMs} ms`)),
      () => {},
    );
    try {
      if (!forceTcp && (upstream.transport ?? "udp") === "udp") {
        const response = await counted(upstream, exchangeUdp(query, upstream, signal));
        if (!decodeResponse(response).truncated) return response;
      }
      return await counted(upstream, streams.exchange(query, signal));
    } finally {
      over.abort();
    }
  };
}

function linkTo(upstream: Upstream, options: ForwarderOptions, exchange: Exchange, ending: AbortSignal): Link {
  const { maxFails = 2, healthCheckMs = 500, expireMs = 10_000, clock, metrics, trusted } = options;
  const streams = createStreamConnections(upstream, { expireMs, idleMax: options.idleConnectionsMax ?? 0, trusted });
  const question = { name: options.healthCheckName ?? "", type: recordTypes.NS, class: CLASS_IN };
  const health = createHealth({
    maxFails,
    intervalMs: healthCheckMs,
    check: () => exchange({ upstream, streams }, question),
    onFailure: () => metrics?.checkFailed(upstream),
    clock,
    ending,
  });
  return { upstream, streams, health };
}
