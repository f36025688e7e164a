import type { Client } from "@fairlead/client/client";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import { isIPv6 } from "@fairlead/lib/ip-family";
import type { Logger } from "@fairlead/lib/log";
import { createMetrics, type Metrics } from "@fairlead/lib/metrics";
import { readRouteTable } from "@fairlead/lib/route-table";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import type { HttpAddress } from "@fairlead/lib/start-http-server";
import { startWhenFree } from "@fairlead/lib/start-when-free";
import { nftKernel } from "@fairlead/nftables/kernel/kernel";
import type { NftMonitor } from "@fairlead/nftables/kernel/nft-monitor";
import type { NftShell } from "@fairlead/nftables/kernel/nft-shell";
import { conntrackFlows } from "./conntrack.ts";
import { type FollowedWorld, followWorld } from "./follow-world.ts";
import type { NodeHealth } from "./health-server.ts";
import { DEFAULT_HEALTH_ADDRESS, startHealthServer, startMetricsServer } from "./health-server.ts";
import { createReservedReport } from "./report-reserved.ts";
import { ensureServiceRoute } from "./service-route.ts";
import { createServiceTable } from "./service-table.ts";
import { isEligible, nodeView } from "./services/node-view.ts";
import type { ApiServerEndpoint, ReservedPort } from "./services/reservations.ts";
import { startServiceHealth } from "./services/service-health.ts";
import { createSync } from "./sync.ts";
import { startSyncLoop } from "./sync-loop.ts";
import { syncMetrics } from "./sync-metrics.ts";

export interface ProxyOptions {
  readonly client: Client;
  /** The objects that it reads. Must outlive the proxy. Default: watches of its own. */
  readonly followed?: FollowedWorld;
  /** Must outlive the proxy. */
  readonly nft: NftShell;
  /** Reports that tables were deleted. Default: deletions are noticed by the next periodic verification. */
  readonly nftMonitor?: Pick<NftMonitor, "onTablesDeleted">;
  /** The Node object of this machine: its pods' ranges and its zone are read from there. */
  readonly nodeName: string;
  /** Ranges of the Services' addresses, of either family; families without one are not touched. */
  readonly serviceCIDRs: readonly string[];
  /**
   * Address of `/healthz` and `/livez`. Default: port 10256 on all addresses, as upstream. `false`: nowhere, and no
   * `/proxyMode` on port 10249 of loopback either. The proxy works without them while their ports are taken.
   */
  readonly health?: HttpAddress | false;
  /**
   * Where this node reaches the API server: no Service may redirect it. Default: only the endpoints of the Service
   * `default/kubernetes`.
   */
  readonly apiServers?: readonly ApiServerEndpoint[];
  /** Ports of programs that run on every node, besides kubelet and proxy: no Service may redirect them. Default: none. */
  readonly nodePrograms?: readonly ReservedPort[];
  readonly log: Logger;
  readonly clock: Clock;
  /** What `/metrics` on port 10249 of loopback answers. Default: the proxy's own alone. */
  readonly metrics?: Metrics;
}

export interface ServiceProxy extends Running {
  /** Resolves once the kernel holds every Service that the API server knew at the start. */
  readonly synced: Promise<void>;
}

/**
 * Keeps the kernel's rules in step with the Services, for as long as it runs; what it leaves goes on working.
 *
 * Resolves when no packet for a Service can leave the node any more: before the API server was asked. It needs the rights
 * to change the packet filter of the network namespace it runs in, and touches nothing there but tables of its own name
 * and, where the node has no default route, a route for the Service range.
 */
export async function startProxy(options: ProxyOptions): Promise<ServiceProxy> {
  const { client, nodeName, serviceCIDRs, log, clock, metrics = createMetrics() } = options;
  const kernel = nftKernel(options.nft);
  const tables = (["ip", "ip6"] as const)
    .filter((family) => serviceCIDRs.some((cidr) => isIPv6(cidr) === (family === "ip6")))
    .map((family) => createServiceTable({ family, kernel, log }));
  for (const table of tables) {
    table.setBase({ ...nodeView(undefined, { nodeName, serviceCIDRs, family: table.family }), unallocated: "reject" });
    await table.prepare();
  }

  const nodeHealth = () => ({ ...loop.health(), nodeEligible: isEligible(world.node()) });
  const followed = options.followed ?? followWorld({ client, nodeName, log, clock });
  const { world } = followed;
  const events = createEventRecorder({ client, component: "kube-proxy", host: nodeName, clock, log });
  const serviceHealth = startServiceHealth({ isHealthy: () => loop.health().healthy, log });
  const sync = createSync({
    tables,
    world,
    nodeName,
    serviceCIDRs,
    apiServers: options.apiServers ?? [],
    nodePrograms: [...ownPorts(options), ...(options.nodePrograms ?? [])],
    reservedReport: createReservedReport({ events, nodeName, log }),
    flows: conntrackFlows(tables.map(({ family }) => family)),
    serviceHealth,
    ensureRoute: ensureServiceRoute,
    readRouteTable,
    log,
    clock,
  });
  const loop = startSyncLoop({ sync, ready: followed.synced, log, clock, metrics: syncMetrics(metrics) });
  options.nftMonitor?.onTablesDeleted(() => loop.verify());
  followed.onChange((keys) => loop.touch(keys));
  const servers = await startServers(nodeHealth, { ...options, metrics });
  return {
    ...running(async () => {
      if (options.followed === undefined) await followed.stop();
      await Promise.all([events.stop(), ...servers.map((server) => server.stop())]);
      await loop.stop();
      await serviceHealth.stop();
    }),
    synced: loop.synced,
  };
}

async function startServers(
  nodeHealth: () => NodeHealth,
  { health, log, clock, metrics }: ProxyOptions & { readonly metrics: Metrics },
): Promise<readonly Running[]> {
  if (health === false) return [];
  return await Promise.all([
    startWhenFree({ server: "kube-proxy /healthz", start: () => startHealthServer(nodeHealth, health), log, clock }),
    startWhenFree({ server: "kube-proxy /proxyMode", start: () => startMetricsServer(metrics), log, clock }),
  ]);
}

function ownPorts({ health = DEFAULT_HEALTH_ADDRESS }: ProxyOptions): readonly ReservedPort[] {
  return health === false ? [] : [{ protocol: "tcp", port: health.port, program: "the service proxy" }];
}
