import type { ClusterView } from "./cluster-view.ts";

/** A route of ours: to pods elsewhere by way of their node, or to pods here that do not exist. */
export interface Route {
  /** `10.244.2.0/24`. */
  readonly destination: string;
  /** The node to send it to; absent for a range whose packets end here. */
  readonly via?: string | undefined;
}

/** Marks the routes that are ours, in the kernel's field for who made a route. Numbers from 5 on are free to use. */
export const ROUTE_PROTOCOL = 174;

/**
 * The routes that the cluster needs on this node.
 *
 * Pods here have a route each, which the CNI plugin makes. What is left of their range is unreachable: a packet to a pod
 * that is gone must not take the default route out of the cluster.
 */
export function wantedRoutes({ podCIDRs, remotes }: ClusterView): readonly Route[] {
  return [
    ...podCIDRs.map((destination): Route => ({ destination })),
    ...remotes.map(({ podCIDR, via }): Route => ({ destination: podCIDR, via })),
  ];
}

/**
 * The input of `ip -batch` that makes our routes the wanted ones. Empty when they are.
 *
 * A changed route is replaced in one step, whatever it was: there is no moment without it. What the kernel knows of the
 * link of a node that is no longer a gateway is forgotten: another machine may get its address.
 */
export function routeCommands(current: readonly Route[], wanted: readonly Route[]): readonly string[] {
  const has = new Set(current.map(routeText));
  const keep = new Set(wanted.map(({ destination }) => destination));
  return [
    ...wanted.map(routeText).flatMap((route) => (has.has(route) ? [] : [`route replace ${route}`])),
    ...current.filter(({ destination }) => !keep.has(destination)).map((route) => `route del ${routeText(route)}`),
    ...gateways(current).flatMap((via) => (gateways(wanted).includes(via) ? [] : [`neigh flush to ${via}`])),
  ];
}

function gateways(routes: readonly Route[]): readonly string[] {
  return [...new Set(routes.flatMap(({ via }) => via ?? []))];
}

function routeText({ destination, via }: Route): string {
  const route = via === undefined ? `unreachable ${destination}` : `${destination} via ${via}`;
  return `${route} proto ${ROUTE_PROTOCOL}`;
}

/** Reads what `ip -j route show` prints. */
export function parseRoutes(json: string): readonly Route[] {
  const listed = JSON.parse(json === "" ? "[]" : json) as readonly {
    readonly dst: string;
    readonly gateway?: string;
  }[];
  return listed.map(({ dst, gateway }) => ({ destination: dst, ...(gateway !== undefined && { via: gateway }) }));
}
