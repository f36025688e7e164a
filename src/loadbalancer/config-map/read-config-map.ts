import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import { parse, YAMLError } from "yaml";
import type { WrittenPool } from "../pools/read-pools.ts";

/** What the ConfigMap `metallb-system/config` says, with which MetalLB was configured before 0.13. */
export interface ConfigMapPools {
  /** Nodes answer for all of them by ARP and NDP. */
  readonly pools: readonly WrittenPool[];
  /** What is wrong with it. Then there are no pools of it. */
  readonly problem?: string;
}

const NOTHING: ConfigMapPools = { pools: [] };
/** What nodes are to do, by every word that MetalLB took for it. */
const LAYER2 = new Set(["layer2", "l2"]);

/** Reads it. (https://metallb.universe.tf/release-notes/#version-0-13-2) */
export function poolsOfConfigMap(configMap: ConfigMap): ConfigMapPools {
  const text = configMap.data?.config;
  if (text === undefined) return wrong('it has no key "config"');
  let written: unknown;
  try {
    // No text of a ConfigMap needs more aliases; each may be as large as all of it.
    written = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof YAMLError || error instanceof ReferenceError)) throw error;
    return wrong(error.message);
  }
  if (written === null) return NOTHING;
  if (!isRecord(written)) return wrong("it is not a mapping");
  const { "address-pools": list = [], ...others } = written;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return wrong(`"${unknown}" is not supported: use the kinds of metallb.io/v1beta1`);
  if (!Array.isArray(list)) return wrong('"address-pools" is not a list');
  const pools = list.map(readPool);
  const problem = pools.find((pool) => typeof pool === "string");
  if (problem !== undefined) return wrong(problem);
  return { pools: pools.filter((pool) => typeof pool !== "string") };
}

/** Returns a problem where it is none. */
function readPool(written: unknown): WrittenPool | string {
  if (!isRecord(written)) return "a pool is not a mapping";
  const { name, protocol, addresses, ...others } = written;
  const { "auto-assign": autoAssign = true, "avoid-buggy-ips": avoidBuggyIPs = false, ...more } = others;
  if (typeof name !== "string" || name === "") return "a pool has no name";
  if (typeof protocol !== "string" || !LAYER2.has(protocol)) {
    return `pool "${name}" has protocol "${protocol}": only layer2 is supported here, use the kinds of metallb.io/v1beta1`;
  }
  if (!Array.isArray(addresses) || !addresses.every((line) => typeof line === "string")) {
    return `pool "${name}" has no list of addresses`;
  }
  if (typeof autoAssign !== "boolean" || typeof avoidBuggyIPs !== "boolean") {
    return `pool "${name}" has auto-assign or avoid-buggy-ips other than true and false`;
  }
  const [unknown] = Object.keys(more);
  if (unknown !== undefined) return `"${unknown}" of pool "${name}" is not supported`;
  return { name, addresses, autoAssign, avoidBuggyIPs };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(problem: string): ConfigMapPools {
  return { ...NOTHING, problem };
}
