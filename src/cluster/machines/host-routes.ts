import { runCommand } from "@fairlead/lib/run-command";
import { allRanges, type ClusterRanges } from "../description/addresses.ts";
import type { ClusterConfig } from "../description/cluster-config.ts";
import { controlPlaneAddress } from "../description/cluster-config.ts";
import type { Journal } from "../journal/journal.ts";
import type { Resource } from "../journal/resources.ts";
import { runIpBatch } from "./ip-batch.ts";

/** Higher than any metric in use: the unreachable route counts only when the real one is gone. */
const UNREACHABLE_METRIC = 4_000_000;

/** A range that the host has a route for, and by which interface. */
export interface HostRoute {
  readonly cidr: string;
  readonly device: string;
}

interface IpRoute {
  readonly type?: string;
  readonly dst: string;
  readonly dev?: string;
}

/** Every IPv4 route of this machine but the default one, in CIDR notation. */
export async function hostRoutes(): Promise<readonly HostRoute[]> {
  const output = await runCommand("ip", ["-json", "-4", "route", "show"]);
  // `ip -json` prints nothing at all where there is no route.
  const routes: readonly IpRoute[] = output.trim() === "" ? [] : JSON.parse(output);
  return routes
    .filter((route) => route.dst !== "default" && route.dst !== "0.0.0.0/0")
    .map((route) => ({ cidr: route.dst.includes("/") ? route.dst : `${route.dst}/32`, device: route.dev ?? "" }));
}

/**
 * Lets the host reach the cluster's Services and pods by the first machine.
 *
 * Under each route lies an `unreachable` one: while the cluster exists, a packet for it never leaves this machine
 * by another way, even after the interface to the cluster has gone.
 */
export async function ensureHostRoutes(config: ClusterConfig, device: string, journal: Journal): Promise<void> {
  const unreachable = unreachableRoutes(config);
  for (const route of unreachable) await journal.add(route);
  await runIpBatch([
    ...unreachable.map(({ cidr, metric }) => `route replace unreachable ${cidr} metric ${metric}`),
    ...[...config.serviceCIDRs, ...config.podCIDRs].map(
      (cidr) => `route replace ${cidr} via ${controlPlaneAddress(config)} dev ${device}`,
    ),
  ]);
}

/** The routes that lie under a cluster's own. */
export function unreachableRoutes(config: ClusterRanges): readonly UnreachableRoute[] {
  return allRanges(config).map((cidr) => ({ type: "unreachableRoute", cidr, metric: UNREACHABLE_METRIC }));
}

type UnreachableRoute = Extract<Resource, { readonly type: "unreachableRoute" }>;
