import type { Clock } from "@fairlead/lib/clock";
import { hostPort } from "@fairlead/lib/ip-family";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import { cacheMetrics } from "../cache/cache-metrics.ts";
import { type Ask, createResponseCache } from "../cache/response-cache.ts";
import { type DnsConfig, type ForwardConfig, isBelow, isBelowAny, type ServerConfig } from "../config/dns-config.ts";
import type { Question } from "../wire/message.ts";
import { type ForwardMetrics, forwardMetrics } from "./forward-metrics.ts";
import { createForwarder, type Forwarder } from "./forwarder.ts";
import { createLoopProbes } from "./loop-probes.ts";
import { type Upstream, upstreamPort } from "./upstream.ts";

/** Memory of all caches together, in bytes. */
const CACHE_BYTES_MAX = 8 * 1024 * 1024;

/** Other resolvers, for each server block of one configuration. */
export interface Resolvers {
  /** The function that asks for a name of the block; undefined: it forwards the name nowhere, and the question is refused. */
  of(server: ServerConfig, name: string): Ask | undefined;
  /** Returns whether a question is one of this server's own that an upstream sent back. */
  cameBack(question: Question): boolean;
  close(): void;
}

export interface ResolversOptions {
  readonly metrics: Metrics;
  /** For the labels of metrics: where this server listens. */
  readonly listen: { readonly address: string; readonly port: number };
  /** An upstream of this zone leads back to this server: it is asked no more. */
  readonly onLoop: (zone: string, upstream: string) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Forward {
  readonly config: ForwardConfig;
  readonly forwarder: Forwarder;
}

/** Opens nothing until it is asked, but for the probes of blocks that detect loops. */
export function createResolvers({ servers }: DnsConfig, options: ResolversOptions): Resolvers {
  const { clock, log, onLoop } = options;
  const metrics = forwardMetrics(options.metrics);
  const probes = createLoopProbes(clock);
  const all: Forwarder[] = [];
  const bytesMax = CACHE_BYTES_MAX / Math.max(1, servers.length);
  const blocks = new Map(
    servers.map((server) => {
      const forwards = server.forwards.map((config) => forwardOf(config, clock, metrics));
      all.push(...forwards.map(({ forwarder }) => forwarder));
      return [server, { forwards, ask: askOf(server, forwards, bytesMax, options) }] as const;
    }),
  );
  for (const [server, { forwards }] of blocks) {
    if (!server.detectsLoops) continue;
    for (const { config, forwarder } of forwards) {
      // Below the block's zone, where that is smaller.
      const zone = server.zones.find((own) => isBelow(own, config.from)) ?? config.from;
      probes.start(zone, forwarder, (upstream) => {
        const to = hostPort(upstream.address, upstreamPort(upstream));
        log.error("Forwarding loop detected", { zone: `${zone}.`, upstream: to });
        forwarder.exclude(upstream);
        onLoop(`${zone}.`, to);
      });
    }
  }
  return {
    of(server, name) {
      const block = blocks.get(server);
      return block === undefined || forwardFor(name, block.forwards) === undefined ? undefined : block.ask;
    },
    cameBack: probes.cameBack,
    close() {
      probes.close();
      for (const forwarder of all) forwarder.close();
    },
  };
}

function forwardOf(config: ForwardConfig, clock: Clock, metrics: ForwardMetrics): Forward {
  return { config, forwarder: createForwarder({ ...config, clock, metrics }) };
}

/** The first one that takes the name, and that has upstreams. */
function forwardFor(name: string, forwards: readonly Forward[]): Forward | undefined {
  return forwards.find(
    ({ config: { from, except, upstreams } }) =>
      upstreams.length > 0 && isBelow(name, from) && !isBelowAny(name, except),
  );
}

function askOf(
  { cache, zones }: ServerConfig,
  forwards: readonly Forward[],
  bytesMax: number,
  { clock, listen, metrics }: ResolversOptions,
): Ask {
  const ask: Ask = async (question) => await forwardFor(question.name, forwards)?.forwarder.resolve(question);
  if (cache === undefined) return ask;
  const server = `dns://${hostPort(listen.address, listen.port)}`;
  const labels = zones.map((zone) => `${zone}.`).join(",");
  return createResponseCache({ config: cache, ask, bytesMax, clock, metrics: cacheMetrics(metrics, server, labels) });
}

/** Returns the upstreams that are not this server itself: asking those would only make a circle. */
export function withoutOwn(
  upstreams: readonly Upstream[],
  own: {
    readonly sockets: readonly { readonly address: string; readonly port: number }[];
    readonly addresses: readonly string[];
  },
): readonly Upstream[] {
  return upstreams.filter((upstream) => {
    const port = upstreamPort(upstream);
    const isSocket = own.sockets.some((socket) => socket.address === upstream.address && socket.port === port);
    return !isSocket && !(port === 53 && own.addresses.includes(upstream.address));
  });
}
