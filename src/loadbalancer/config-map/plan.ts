import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import { deepEqual } from "@fairlead/api/deep-equal";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { IPAddressPool } from "../kinds/ip-address-pool.ts";
import type { L2Advertisement } from "../kinds/l2-advertisement.ts";
import { poolsOfConfigMap } from "./read-config-map.ts";

/** On what was made of the ConfigMap: goes when that is no longer in it. */
export const MADE_OF_CONFIG_MAP = { "fairlead.local/made-of": "config" };

/** Objects by their names. */
export interface ConvertedObjects {
  readonly pools: ReadonlyMap<string, Pick<IPAddressPool, "spec">>;
  readonly advertisements: ReadonlyMap<string, Pick<L2Advertisement, "spec">>;
}

/** What is to be done so that the objects say what the ConfigMap says. */
export interface ConversionPlan {
  readonly apply: ConvertedObjects;
  /** Names of objects that were made of it, and are no longer in it. */
  readonly remove: { readonly pools: readonly string[]; readonly advertisements: readonly string[] };
  /** Why the ConfigMap cannot be read: then all stays as it is. */
  readonly problem?: string;
}

/** What there is in the namespace. */
export interface PresentObjects {
  readonly pools: readonly IPAddressPool[];
  readonly advertisements: readonly L2Advertisement[];
}

const NOTHING: ConversionPlan = {
  apply: { pools: new Map(), advertisements: new Map() },
  remove: { pools: [], advertisements: [] },
};

/** Plans a pool and an advertisement for each pool of the ConfigMap. One that has its name already becomes it. */
export function planConversion(configMap: ConfigMap | undefined, present: PresentObjects): ConversionPlan {
  const { pools: written, problem } = configMap === undefined ? { pools: [] } : poolsOfConfigMap(configMap);
  if (problem !== undefined) return { ...NOTHING, problem };
  const pools = new Map(written.map(({ name, ...spec }) => [name, { spec }]));
  const advertisements = new Map(written.map(({ name }) => [name, { spec: { ipAddressPools: [name] } }]));
  return {
    apply: {
      pools: unlessThere(pools, present.pools),
      advertisements: unlessThere(advertisements, present.advertisements),
    },
    remove: {
      pools: madeAndNotIn(pools, present.pools),
      advertisements: madeAndNotIn(advertisements, present.advertisements),
    },
  };
}

function unlessThere<S extends { readonly spec?: unknown }>(
  wanted: ReadonlyMap<string, S>,
  present: readonly (KubeObject & { readonly spec?: unknown })[],
): ReadonlyMap<string, S> {
  const isThere = ([name, { spec }]: readonly [string, S]) =>
    present.some((one) => one.metadata.name === name && isMade(one) && deepEqual(one.spec, spec));
  return new Map([...wanted].filter((entry) => !isThere(entry)));
}

function madeAndNotIn(wanted: ReadonlyMap<string, unknown>, present: readonly KubeObject[]): readonly string[] {
  return present.filter((one) => isMade(one) && !wanted.has(one.metadata.name)).map(({ metadata }) => metadata.name);
}

function isMade({ metadata: { labels = {} } }: KubeObject): boolean {
  return Object.entries(MADE_OF_CONFIG_MAP).every(([name, value]) => labels[name] === value);
}
