import type { Node } from "../api/core/v1/node.ts";
import type { Service } from "../api/core/v1/service.ts";
import type { EndpointSlice } from "../api/discovery/v1/endpointslice.ts";
import { createBackOff } from "../client/back-off.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { Running } from "../lib/running.ts";
import { running } from "../lib/running.ts";
import type { Flows } from "./conntrack.ts";
import type { ProxyHealth } from "./health-server.ts";
import { nodeView } from "./node-view.ts";
import type { PortMapping } from "./service-ports.ts";
import { servicePorts } from "./service-ports.ts";
import type { ServiceTable } from "./service-table.ts";
import { createUdpFrontends } from "./udp-frontends.ts";

/** What the loop looks at. It never learns what changed, only where to look. */
export interface World {
  service(key: string): Service | undefined;
  slicesOf(key: string): readonly EndpointSlice[];
  node(): Node | undefined;
}

export interface SyncLoopOptions {
  readonly tables: readonly ServiceTable[];
  readonly world: World;
  readonly nodeName: string;
  readonly serviceCIDRs: readonly string[];
  readonly flows: Flows;
  /** Makes the Service range reachable from the node's own programs. */
  ensureRoute(cidr: string, source: string): Promise<void>;
  /** Nothing is written before: half the Services would be worse than those of the last run. */
  readonly ready: Promise<unknown>;
  readonly log: Logger;
  readonly clock: Clock;
}

export interface SyncLoop extends Running {
  /** The Service or its slices changed. */
  touch(key: string): void;
  /** The Node changed: every Service may mean something else now. */
  touchNode(keys: readonly string[]): void;
  readonly synced: Promise<void>;
  health(): ProxyHealth;
}

/** So often the kernel is asked whether it still has what we put there, and whether Services can be reached from here. */
const LOOK_AFTER_MS = 30_000;

/** Writes what was touched as soon as the write before it is done: alone at once, in a storm all that came meanwhile. */
export function startSyncLoop(options: SyncLoopOptions): SyncLoop {
  const { tables, log, clock } = options;
  const ending = new AbortController();
  const dirty = new Set<string>();
  const udp = createUdpFrontends();
  const backOff = createBackOff({ initialMs: 20, maxMs: 10_000 });
  const synced = Promise.withResolvers<void>();
  synced.promise.catch(() => {});
  let wake = Promise.withResolvers<void>();
  let lastSyncMs: number | undefined;
  let failing = false;
  let verifyIsDue = false;
  let routedFrom = "";

  const awake = () => wake.resolve();
  ending.signal.addEventListener("abort", awake);

  async function syncOnce(): Promise<void> {
    const keys = [...dirty];
    dirty.clear();
    const startedMs = clock.now();
    for (const table of tables) {
      table.setBase({ ...nodeView(options.world.node(), { ...options, family: table.family }), unallocated: "drop" });
    }
    for (const key of keys) {
      const mappings = tables.map((table) => ({ table, mappings: mappingsOf(key, table, options) }));
      for (const each of mappings) each.table.setService(key, each.mappings);
      udp.set(
        key,
        mappings.flatMap((each) => each.mappings),
      );
    }
    let commands = 0;
    for (const table of tables) commands += await table.sync();
    if (commands > 0) log.debug("Synced", { services: keys.length, commands, tookMs: clock.now() - startedMs });
  }

  async function follow(): Promise<void> {
    await options.ready;
    while (!ending.signal.aborted) {
      wake = Promise.withResolvers<void>();
      try {
        if (verifyIsDue) await verify();
        await syncOnce();
        lastSyncMs = clock.now();
        failing = false;
        synced.resolve();
        backOff.reset();
      } catch (error) {
        failing = true;
        log.error("Cannot write the Services to the kernel: replacing the whole table", { error });
        await clock.sleep(backOff.next(), ending.signal).catch(() => {});
        continue;
      }
      await tidy();
      if (dirty.size === 0) await wake.promise;
    }
  }

  /** Between two writes, so that nothing is missed that is only on its way. */
  async function verify(): Promise<void> {
    verifyIsDue = false;
    for (const table of tables) {
      if (!(await table.verify()))
        log.warn("Somebody changed the table of Services: replacing it", { family: table.family });
    }
  }

  /** What has to follow a sync, but must not fail it. */
  async function tidy(): Promise<void> {
    const routes = serviceRoutes(options);
    if (routedFrom !== JSON.stringify(routes)) {
      routedFrom = JSON.stringify(routes);
      for (const { cidr, source } of routes) {
        await options.ensureRoute(cidr, source).catch((error: unknown) => {
          log.warn("Cannot make Services reachable from this node", { cidr, error });
        });
      }
    }
    if (!udp.takeChanged()) return;
    await options.flows
      .end((flow) => udp.isStale(flow))
      .catch((error: unknown) => {
        log.warn("Cannot end UDP flows to endpoints that are gone: they end by themselves", { error });
      });
  }

  async function lookAfter(): Promise<void> {
    while (!ending.signal.aborted) {
      await clock.sleep(LOOK_AFTER_MS, ending.signal);
      verifyIsDue = true;
      routedFrom = "";
      awake();
    }
  }

  const done = Promise.all([
    follow(),
    // Ends by being aborted, and in no other way.
    lookAfter().catch(() => {}),
  ]);
  // When the caches are stopped before they were filled; whoever stops the loop hears of it.
  done.catch(() => {});
  return {
    ...running(async () => {
      ending.abort(new Error("The proxy was stopped"));
      synced.reject(ending.signal.reason);
      await done.catch(() => {});
    }),
    touch(key) {
      dirty.add(key);
      awake();
    },
    touchNode(keys) {
      for (const key of keys) dirty.add(key);
      awake();
    },
    synced: synced.promise,
    health: () => ({ healthy: !failing, lastUpdatedMs: lastSyncMs, nowMs: clock.now() }),
  };
}

function mappingsOf(key: string, { family }: ServiceTable, { world, nodeName, serviceCIDRs }: SyncLoopOptions) {
  const service = world.service(key);
  if (service === undefined) return [] satisfies readonly PortMapping[];
  const { place } = nodeView(world.node(), { nodeName, serviceCIDRs, family });
  return servicePorts(service, world.slicesOf(key), { family, place });
}

/** Each Service range, with the node's address in its family. Nothing before the node has one. */
function serviceRoutes({ tables, world, nodeName, serviceCIDRs }: SyncLoopOptions) {
  return tables.flatMap(({ family }) => {
    const view = nodeView(world.node(), { nodeName, serviceCIDRs, family });
    const source = view.address;
    return source === undefined ? [] : view.serviceCIDRs.map((cidr) => ({ cidr, source }));
  });
}
