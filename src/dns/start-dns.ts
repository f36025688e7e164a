import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { createMetrics, METRICS_TYPE, type Metrics } from "@fairlead/lib/metrics";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import { startTextServer } from "@fairlead/lib/start-text-server";
import { startWhenFree } from "@fairlead/lib/start-when-free";
import { DEFAULT_TTL_SECONDS } from "./config/default-corefile.ts";
import { followNames } from "./follow-names.ts";
import { withoutOwn } from "./forward/resolvers.ts";
import type { Upstream } from "./forward/upstream.ts";
import type { OwnEndpoint } from "./own-endpoint.ts";
import { DNS_SERVICE } from "./own-endpoint.ts";
import { METRICS_PORT } from "./own-ports.ts";
import { publishEndpoint } from "./publish-endpoint.ts";
import { runConfig } from "./run-config.ts";
import { requestMetrics } from "./server/request-metrics.ts";
import { createResponder } from "./server/respond.ts";
import { startTcpServer } from "./server/tcp-server.ts";
import type { ListenAddress } from "./server/udp-server.ts";
import { startUdpServer } from "./server/udp-server.ts";

/** Time for which the server answers after it has left its Service: proxies need a moment to send clients elsewhere. */
const DRAIN_MS = 200;
const DNS_PORT = 53;

export interface DnsOptions {
  /**
   * Lists and watches Services, EndpointSlices, namespaces and the ConfigMaps of its configuration, reads the Node, and writes its
   * own EndpointSlice and events.
   */
  readonly client: Client;
  readonly nodeName: string;
  /** Each for UDP and TCP. The first one's port is the one that is published. */
  readonly listen: readonly ListenAddress[];
  /** Where the proxies of all nodes reach this server. */
  readonly advertiseAddress: string;
  /** The cluster's address for DNS, answered for `ns.dns.CLUSTER-DOMAIN`. Default: what the Service has. */
  readonly serviceAddress?: string | undefined;
  /** Default `cluster.local`. */
  readonly clusterDomain?: string | undefined;
  /** On the cluster's records, unless the cluster's configuration has another. Default 5. */
  readonly ttlSeconds?: number | undefined;
  /**
   * What `/etc/resolv.conf` stands for in the configuration: upstreams for all other names; empty: such questions are refused. Our
   * own addresses among them are left out.
   */
  readonly upstreams: readonly Upstream[];
  /** What `/metrics` answers besides what the server counts. A server that is started again with them goes on counting. Default: nothing. */
  readonly metrics?: Metrics | undefined;
  /**
   * Port of `/metrics`, on the first address of `listen`. Default 9153, as the CoreDNS of kubeadm; false: nowhere. While another
   * program has it, the server works without it.
   */
  readonly metricsPort?: number | false | undefined;
  readonly log: Logger;
  readonly clock: Clock;
}

/**
 * Starts this machine's DNS server: resolves once it answers, and publishes itself as an endpoint of the DNS Service.
 *
 * @throws {Error} when an address is taken, or is not this machine's.
 */
export async function startDns(options: DnsOptions): Promise<Running> {
  const { client, log, clock, metrics = createMetrics() } = options;
  const clusterDomain = (options.clusterDomain ?? "cluster.local").toLowerCase();
  const followed = followNames(client, clusterDomain, { log, clock });
  const stops: (() => Promise<void>)[] = [() => followed.stop()];
  const stopAll = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    await followed.synced;
    const service = followed.names.service(`${DNS_SERVICE.namespace}/${DNS_SERVICE.name}`);
    const serverAddress = options.serviceAddress ?? service?.addresses[0] ?? options.advertiseAddress;
    const config = await runConfig({
      client,
      nodeName: options.nodeName,
      listen: options.listen[0] ?? { address: options.advertiseAddress, port: DNS_PORT },
      context: {
        clusterDomain,
        nodeUpstreams: withoutOwn(options.upstreams, {
          sockets: options.listen,
          addresses: [serverAddress, options.advertiseAddress],
        }),
        metricsPort: options.metricsPort ?? METRICS_PORT,
        environment: { CLUSTER_DOMAIN: clusterDomain, NODE_NAME: options.nodeName },
      },
      ttlSeconds: options.ttlSeconds ?? DEFAULT_TTL_SECONDS,
      metrics,
      clock,
      log,
    });
    stops.push(config.stop);
    const responder = createResponder({
      names: followed.names,
      zone: { clusterDomain, serverAddress },
      settings: config.settings,
      serialBase: Math.floor(clock.now() / 1000),
      clock,
      printQuery: (line) => log.info(line),
    });
    const counts = requestMetrics(metrics);
    for (const address of options.listen) {
      for (const [proto, start] of SERVERS) {
        const server = await start(
          address,
          responder({ proto, requests: counts({ ...address, proto }), local: address.address }),
          log,
        );
        stops.push(server.stop);
      }
    }
    stops.push((await serveMetrics(metrics, options)).stop);
    const published = publishEndpoint({ client, slices: followed.slices, endpoint: endpointOf(options), log, clock });
    stops.push(async () => {
      await published.stop();
      await clock.sleep(DRAIN_MS);
    });
    log.info("Answering", {
      addresses: options.listen.map(({ address, port }) => `${address}:${port}`),
      clusterDomain,
    });
    return running(stopAll);
  } catch (error) {
    await stopAll();
    throw error;
  }
}

const SERVERS = [
  ["udp", startUdpServer],
  ["tcp", startTcpServer],
] as const;

async function serveMetrics(metrics: Metrics, { listen, metricsPort = METRICS_PORT, log, clock }: DnsOptions) {
  const [first] = listen;
  if (metricsPort === false || first === undefined) return running(async () => {});
  const pages = new Map([["/metrics", { type: METRICS_TYPE, text: () => metrics.text() }]]);
  const address = { host: first.address, port: metricsPort };
  return await startWhenFree({ server: "dns /metrics", start: () => startTextServer(pages, address), log, clock });
}

function endpointOf({ nodeName, advertiseAddress, listen, metricsPort = METRICS_PORT }: DnsOptions): OwnEndpoint {
  return {
    nodeName,
    address: advertiseAddress,
    port: listen[0]?.port ?? DNS_PORT,
    metricsPort: metricsPort === false ? undefined : metricsPort,
  };
}
