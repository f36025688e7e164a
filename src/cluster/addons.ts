import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { isNotFound } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { getIfThere } from "@fairlead/client/get-if-there";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { ADDONS_CONFIG_MAP, isEnabled, LOAD_BALANCER } from "@fairlead/loadbalancer/addon";
import { METALLB_NAMESPACE } from "@fairlead/loadbalancer/kinds/group";
import { ipAddressPools } from "@fairlead/loadbalancer/kinds/ip-address-pool";
import { l2Advertisements } from "@fairlead/loadbalancer/kinds/l2-advertisement";
import { AddressRangeError, parseAddressRange } from "@fairlead/loadbalancer/pools/address-range";
import type { ClusterConfig } from "./description/cluster-config.ts";

/** A part of a cluster that can be turned on and off while it runs. */
export interface Addon {
  readonly name: string;
  /** Other names that it is known by. */
  readonly aliases: readonly string[];
  readonly summary: string;
}

/** Every addon. */
export const ADDONS: readonly Addon[] = [
  {
    name: LOAD_BALANCER,
    aliases: ["metallb"],
    summary: "gives Services of type LoadBalancer addresses that nodes answer for",
  },
];

/** The pool that {@link setPool} writes, and that a cluster has at first. */
const POOL = { namespace: METALLB_NAMESPACE, name: "default" };
const FIELD_MANAGER = "fairlead-addons";
const SERVED_PAUSE_MS = 50;

/** Returns an addon by one of its names. @throws {ExpectedError} when there is none. */
export function addonNamed(name: string): Addon {
  const found = ADDONS.find((addon) => addon.name === name || addon.aliases.includes(name));
  if (found !== undefined) return found;
  const names = ADDONS.flatMap((addon) => [addon.name, ...addon.aliases]).join(", ");
  throw new ExpectedError(`There is no addon "${name}": there are ${names}`);
}

/** Whether an addon is on in a cluster. */
export async function isOn(client: Client, config: ClusterConfig): Promise<boolean> {
  return isEnabled(await getIfThere(client, configMapKind, ADDONS_CONFIG_MAP), config.loadBalancer !== false);
}

/** Turns an addon on or off, now and after every restart. Resolves when its kinds are served. */
export async function turn(client: Client, { name }: Addon, on: boolean, signal: AbortSignal): Promise<void> {
  const patch = {
    ...{ apiVersion: "v1", kind: "ConfigMap", metadata: ADDONS_CONFIG_MAP },
    data: { [name]: on ? "enabled" : "disabled" },
  };
  const options = { fieldManager: FIELD_MANAGER, force: true, signal };
  await client.patch(configMapKind, ADDONS_CONFIG_MAP, "apply", patch, options);
  while (on && !(await isServed(client, signal))) await new Promise((resolve) => setTimeout(resolve, SERVED_PAUSE_MS));
}

/** @throws {ExpectedError} when a pool cannot have these addresses. @returns the range as a line of a pool. */
export function rangeOf(start: string, end: string): string {
  const range = `${start}-${end}`;
  try {
    parseAddressRange(range);
  } catch (error) {
    if (error instanceof AddressRangeError) throw new ExpectedError(`Cannot use these addresses: ${error.message}`);
    throw error;
  }
  return range;
}

/** Gives the first pool this range of addresses in place of those that it has, and has all nodes answer for it. */
export async function setPool(client: Client, range: string, signal: AbortSignal): Promise<void> {
  if (!(await isServed(client, signal))) {
    throw new ExpectedError("The addon loadbalancer is off: turn it on with `fairlead addons enable loadbalancer`");
  }
  const options = { fieldManager: FIELD_MANAGER, force: true, signal };
  const apply = <T extends KubeObject>({ kind, group, version, ...rest }: ResourceReference<T>, spec: object) =>
    client.patch(
      { kind, group, version, ...rest },
      POOL,
      "apply",
      { apiVersion: `${group}/${version}`, kind, metadata: POOL, spec },
      options,
    );
  await apply(ipAddressPools, { addresses: [range] });
  await apply(l2Advertisements, { ipAddressPools: [POOL.name] });
}

async function isServed(client: Client, signal: AbortSignal): Promise<boolean> {
  try {
    await client.list(l2Advertisements, { namespace: METALLB_NAMESPACE, limit: 1, signal });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
