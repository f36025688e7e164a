import type { Node } from "../api/core/v1/node.ts";
import { nodeKind } from "../api/core/v1/node.ts";
import { serviceKind } from "../api/core/v1/service.ts";
import type { EndpointSlice } from "../api/discovery/v1/endpointslice.ts";
import { endpointSliceKind } from "../api/discovery/v1/endpointslice.ts";
import type { Client } from "../client/client.ts";
import { cacheKey } from "../client/object-index.ts";
import { startCache } from "../client/start-cache.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { Running } from "../lib/running.ts";
import { running } from "../lib/running.ts";
import { conntrackFlows } from "./conntrack.ts";
import type { HealthAddress } from "./health-server.ts";
import { startHealthServer } from "./health-server.ts";
import { nftKernel } from "./nftables/kernel.ts";
import { ensureServiceRoute } from "./service-route.ts";
import { createServiceTable } from "./service-table.ts";
import { isEligible, nodeView } from "./services/node-view.ts";
import { startServiceHealth } from "./services/service-health.ts";
import { createSync } from "./sync.ts";
import { startSyncLoop } from "./sync-loop.ts";

export interface ProxyOptions {
  readonly client: Client;
  /** The Node object of this machine: its pods' ranges and its zone are read from there. */
  readonly nodeName: string;
  /** The ranges out of which Services get their addresses, of either family; families without one are left alone. */
  readonly serviceCIDRs: readonly string[];
  /** Where `/healthz` and `/livez` answer. Default: port 10256 on all addresses, as upstream; `false` for nowhere. */
  readonly health?: HealthAddress | false;
  readonly log: Logger;
  readonly clock: Clock;
}

export interface ServiceProxy extends Running {
  /** Resolves once the kernel holds every Service that the API server knew at the start. */
  readonly synced: Promise<void>;
}

const SERVICE_NAME_LABEL = "kubernetes.io/service-name";
/** What carries these is somebody else's: headless Services have nothing to proxy, the others name their own proxy. */
const OURS = "!service.kubernetes.io/headless,!service.kubernetes.io/service-proxy-name";

/**
 * Keeps the kernel's rules in step with the Services, for as long as it runs; what it leaves goes on working.
 *
 * Resolves when no packet for a Service can leave the node any more: before the API server was asked. It needs the rights
 * to change the packet filter of the network namespace it runs in, and touches nothing there but tables of its own name
 * and, where the node has no default route, a route for the Service range.
 */
export async function startProxy(options: ProxyOptions): Promise<ServiceProxy> {
  const { client, nodeName, serviceCIDRs, log, clock } = options;
  const kernel = nftKernel();
  const tables = (["ip", "ip6"] as const)
    .filter((family) => serviceCIDRs.some((cidr) => cidr.includes(":") === (family === "ip6")))
    .map((family) => createServiceTable({ family, kernel, log }));
  for (const table of tables) {
    table.setBase({ ...nodeView(undefined, { nodeName, serviceCIDRs, family: table.family }), unallocated: "reject" });
    await table.prepare();
  }

  const nodeHealth = () => ({ ...loop.health(), nodeEligible: isEligible(nodes.get(nodeName)) });
  // Before anything that would have to be stopped again: its port may be taken. Nothing is awaited until there is a loop.
  const health = options.health === false ? undefined : await startHealthServer(nodeHealth, options.health);
  const services = startCache(client, serviceKind, { labelSelector: OURS, log, clock });
  const slices = startCache(client, endpointSliceKind, {
    labelSelector: OURS,
    indexes: { service: (slice) => [serviceKeyOf(slice)] },
    log,
    clock,
  });
  const nodes = startCache(client, nodeKind, { fieldSelector: `metadata.name=${nodeName}`, log, clock });
  const serviceHealth = startServiceHealth({ isHealthy: () => loop.health().healthy, log });
  const sync = createSync({
    tables,
    world: {
      service: (key) => services.get(key),
      slicesOf: (key) => slices.byIndex("service", key),
      node: () => nodes.get(nodeName),
    },
    nodeName,
    serviceCIDRs,
    flows: conntrackFlows(),
    serviceHealth,
    ensureRoute: ensureServiceRoute,
    log,
    clock,
  });
  const ready = Promise.all([services.synced, slices.synced, nodes.synced]);
  const loop = startSyncLoop({ sync, ready, log, clock });
  services.onChange(({ key }) => loop.touch([key]));
  slices.onChange(({ before, after }) => {
    for (const slice of [before, after]) if (slice !== undefined) loop.touch([serviceKeyOf(slice)]);
  });
  nodes.onChange(({ before, after }) => {
    if (sameForServices(before, after)) return;
    loop.touch(services.list().map(cacheKey));
  });
  return {
    ...running(async () => {
      await Promise.all([services.stop(), slices.stop(), nodes.stop(), health?.stop()]);
      await loop.stop();
      await serviceHealth.stop();
      await kernel.close();
    }),
    synced: loop.synced,
  };
}

function serviceKeyOf({ metadata }: EndpointSlice): string {
  return `${metadata.namespace}/${metadata.labels?.[SERVICE_NAME_LABEL] ?? ""}`;
}

/** A node changes with every heartbeat; Services mean something else only when its ranges, zone or addresses change. */
function sameForServices(before: Node | undefined, after: Node | undefined): boolean {
  const seen = (node: Node | undefined) => JSON.stringify([node?.spec, node?.metadata.labels, node?.status.addresses]);
  return seen(before) === seen(after);
}
