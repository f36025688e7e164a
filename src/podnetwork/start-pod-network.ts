import { constants } from "node:fs";
import { access } from "node:fs/promises";
import path from "node:path";
import type { Node } from "@fairlead/api/core/v1/node/node";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { startCache } from "@fairlead/client/cache/start-cache";
import type { Client } from "@fairlead/client/client";
import { createBackOff } from "@fairlead/lib/back-off";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { readRouteTable } from "@fairlead/lib/route-table";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import type { NftMonitor } from "@fairlead/nftables/kernel/nft-monitor";
import type { NftShell } from "@fairlead/nftables/kernel/nft-shell";
import type { ClusterView } from "./cluster-view.ts";
import { clusterView } from "./cluster-view.ts";
import { cniConfig } from "./cni-config.ts";
import type { RouteWriter } from "./ip-routes.ts";
import { createRouteWriter } from "./ip-routes.ts";
import { applySettings, neededSettings } from "./kernel-settings.ts";
import { wantedRoutes } from "./routes.ts";
import { writeAtomically } from "./write-atomically.ts";
import type { MasqueradeWriter } from "./write-masquerade.ts";
import { createMasqueradeWriter } from "./write-masquerade.ts";

export interface PodNetworkOptions {
  readonly client: Client;
  /** Must outlive the pod network. */
  readonly nft: NftShell;
  /** Reports that tables were deleted. Default: deletions are noticed by the next periodic verification. */
  readonly nftMonitor?: Pick<NftMonitor, "onTablesDeleted">;
  readonly nodeName: string;
  /** Where the container runtime looks for network configurations. */
  readonly cniConfigDir: string;
  /** Where the CNI plugins are: checked at the start. */
  readonly cniBinDir: string;
  /** Where the pods' addresses are written down; not shared with another node. */
  readonly ipamDataDir: string;
  /** Size of the largest packet on the pods' interfaces, in bytes. Default: the kernel's 1500. */
  readonly mtuBytes?: number;
  /** Whether the settings of the machine's own network namespace may be changed. Default: no. */
  readonly ownsMachine?: boolean;
  readonly log: Logger;
  readonly clock: Clock;
}

export interface PodNetwork extends Running {
  /** Resolves once pods can be started: their network configuration is written. */
  readonly ready: Promise<void>;
}

/** The file name that makes a runtime prefer ours: the first one counts. */
export const CNI_CONFIG_FILE = "10-fairlead.conflist";

const PLUGINS = ["ptp", "host-local", "portmap"];

/** Interval between verifications of settings, rules and routes, in milliseconds: other programs may change them. */
const LOOK_AFTER_MS = 60_000;

/**
 * Gives this node's pods their network, for as long as it runs; what it leaves goes on working.
 *
 * Writes the CNI configuration as soon as the node has its range of addresses, routes the other nodes' ranges to their
 * nodes, and lets pods reach the world under the node's address. Works in the network namespace of this process.
 *
 * @throws when a CNI plugin is missing.
 */
export async function startPodNetwork(options: PodNetworkOptions): Promise<PodNetwork> {
  const { client, nodeName, log, clock } = options;
  for (const plugin of PLUGINS) {
    await access(path.join(options.cniBinDir, plugin), constants.X_OK).catch((cause: unknown) => {
      throw new Error(`The CNI plugin "${plugin}" is not in ${options.cniBinDir}`, { cause });
    });
  }
  const nodes = startCache(client, nodeKind, { log, clock });
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => {});
  const backOff = createBackOff({ initialMs: 50, maxMs: 10_000 });
  const writers = { routes: createRouteWriter(readRouteTable), masquerade: createMasqueradeWriter(options.nft) };

  async function turn(): Promise<number> {
    const views = (["ip", "ip6"] as const).map((family) => clusterView(nodes.list(), nodeName, family));
    const isReady = views.some(({ podCIDRs }) => podCIDRs.length > 0);
    try {
      for (const view of views) await apply(view, writers, options);
      if (isReady) {
        await writeConfig(views, options);
        ready.resolve();
      }
      backOff.reset();
      return LOOK_AFTER_MS;
    } catch (error) {
      log.error("Cannot set the pod network up: trying again", { error });
      return backOff.next();
    }
  }

  const loop = startLoop({ turn, ready: nodes.synced, clock });
  nodes.onChange(({ before, after }) => {
    if (networkOf(before) !== networkOf(after)) loop.wake();
  });
  options.nftMonitor?.onTablesDeleted(loop.wake);
  return {
    ...running(async () => {
      ready.reject(new Error("The pod network was stopped"));
      await Promise.all([loop.stop(), nodes.stop()]);
    }),
    ready: ready.promise,
  };
}

interface Writers {
  readonly routes: RouteWriter;
  readonly masquerade: MasqueradeWriter;
}

/** A family in which this node has no pods is not touched: its settings may belong to other software. */
async function apply(
  view: ClusterView,
  { routes, masquerade }: Writers,
  { ownsMachine = false, log }: PodNetworkOptions,
): Promise<void> {
  if (view.podCIDRs.length === 0) return;
  await applySettings(neededSettings(view.family), { ownsMachine });
  await masquerade.apply(view);
  const changes = await routes.apply(view.family, wantedRoutes(view));
  if (changes > 0) log.info("Changed routes to pods", { family: view.family, changes });
}

async function writeConfig(views: readonly ClusterView[], options: PodNetworkOptions): Promise<void> {
  const podCIDRs = views.flatMap((view) => view.podCIDRs);
  const config = cniConfig({ podCIDRs, dataDir: options.ipamDataDir, mtuBytes: options.mtuBytes });
  if (await writeAtomically(path.join(options.cniConfigDir, CNI_CONFIG_FILE), config)) {
    options.log.info("Wrote the CNI configuration", { podCIDRs });
  }
}

/** What of a node matters here. Nodes change often: every heartbeat is a change. */
function networkOf(node: Node | undefined): string {
  return JSON.stringify([node?.spec.podCIDR, node?.spec.podCIDRs, node?.status.addresses]);
}
