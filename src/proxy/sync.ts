import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Flows } from "./conntrack.ts";
import { API_SERVICE, type World } from "./follow-world.ts";
import type { ReservedReport } from "./report-reserved.ts";
import type { UdpFrontends } from "./ruleset/udp-frontends.ts";
import { createUdpFrontends } from "./ruleset/udp-frontends.ts";
import type { ServiceTable } from "./service-table.ts";
import { nodeView } from "./services/node-view.ts";
import type { ApiServerEndpoint, Reservations, ReservedPort } from "./services/reservations.ts";
import { apiServersOf, reservations } from "./services/reservations.ts";
import type { ServiceHealth } from "./services/service-health.ts";
import { healthCheckOf } from "./services/service-health.ts";
import { servicePorts } from "./services/service-ports.ts";

export interface SyncOptions {
  readonly tables: readonly ServiceTable[];
  readonly world: World;
  readonly nodeName: string;
  readonly serviceCIDRs: readonly string[];
  /** Where this node reaches the API server, besides the endpoints of `default/kubernetes`. */
  readonly apiServers: readonly ApiServerEndpoint[];
  /** Ports of programs that run on every node. */
  readonly nodePrograms: readonly ReservedPort[];
  readonly reservedReport: ReservedReport;
  readonly flows: Flows;
  readonly serviceHealth: ServiceHealth;
  /** Makes the Service range reachable from the node's own programs. */
  ensureRoute(cidr: string, source: string): Promise<void>;
  /** Returns a text that changes with the routing tables. */
  readRouteTable(): Promise<string>;
  readonly log: Logger;
  readonly clock: Clock;
}

/** From objects to the kernel. */
export interface Sync {
  /** Makes the kernel's rules for these Services what they shall be. Throws when the kernel refuses. */
  write(keys: readonly string[]): Promise<void>;
  /** What has to follow a write, but must not delay or fail the next: routes, and flows that lead nowhere. Never rejects. */
  tidy(): Promise<void>;
  /** Whether the kernel still has what was written; what it has not, the next write replaces. */
  verify(): Promise<void>;
}

/** Number of verifications after which routes are verified although the routing tables did not change: rules may have. */
const VERIFY_ROUTES_EVERY = 10;

export function createSync(options: SyncOptions): Sync {
  const { tables, world, log, clock } = options;
  const udp = createUdpFrontends();
  let routedFrom = "";
  let routeTable = "";
  let verifications = 0;
  let tidying: Promise<void> | undefined;

  const view = (table: ServiceTable) => nodeView(world.node(), { ...options, family: table.family });

  const reservationsNow = () =>
    reservations({
      ...options,
      nodes: world.nodes,
      apiServers: [...options.apiServers, ...apiServersOf(world.slicesOf(API_SERVICE))],
      nodePortOwners: world.nodePortOwners,
    });

  function prepare(key: string, reserved: Reservations): void {
    const service = world.service(key);
    const all = tables.flatMap((table) => {
      const { place, address: nodeAddress } = view(table);
      const here = { family: table.family, place, nodeAddress, reservations: reserved };
      const mappings = service === undefined ? [] : servicePorts(service, world.slicesOf(key), here);
      table.setService(key, mappings);
      return mappings;
    });
    udp.set(key, all);
    options.serviceHealth.set(key, healthCheckOf(service, all));
    options.reservedReport.set(key, service, all);
  }

  async function ensureRoutes(): Promise<void> {
    const wanted = tables.map((table) => view(table)).map(({ address, serviceCIDRs }) => ({ address, serviceCIDRs }));
    if (routedFrom === JSON.stringify(wanted)) return;
    routedFrom = JSON.stringify(wanted);
    for (const { address, serviceCIDRs } of wanted) {
      if (address === undefined) continue;
      for (const cidr of serviceCIDRs) {
        await options.ensureRoute(cidr, address).catch((error: unknown) => {
          log.warn("Cannot make Services reachable from this node", { cidr, error });
        });
      }
    }
    routeTable = await options.readRouteTable();
  }

  return {
    async write(keys) {
      const startedMs = clock.monotonicMs();
      for (const table of tables) table.setBase({ ...view(table), unallocated: "drop" });
      const reserved = reservationsNow();
      for (const key of keys) prepare(key, reserved);
      let commands = 0;
      for (const table of tables) commands += await table.sync();
      if (commands > 0)
        log.debug("Synced", { services: keys.length, commands, tookMs: clock.monotonicMs() - startedMs });
    },

    tidy() {
      // One at a time; what changes meanwhile is seen by the next.
      tidying ??= (async () => {
        await ensureRoutes();
        while (udp.takeChanged()) await endStaleFlows(udp, options);
      })().finally(() => (tidying = undefined));
      return tidying;
    },

    async verify() {
      verifications += 1;
      if (verifications % VERIFY_ROUTES_EVERY === 0 || (await options.readRouteTable()) !== routeTable) routedFrom = "";
      for (const table of tables) {
        if (await table.verify()) continue;
        log.warn("The table of Services was changed: replacing it", { family: table.family });
      }
    },
  };
}

async function endStaleFlows(udp: UdpFrontends, { flows, log }: SyncOptions): Promise<void> {
  await flows
    .end((flow) => udp.isStale(flow))
    .catch((error: unknown) => {
      log.warn("Cannot end UDP flows to endpoints that are gone: they end by themselves", { error });
    });
}
