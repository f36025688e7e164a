import type { Taint } from "@fairlead/api/core/v1/node/node";
import type { Toleration } from "@fairlead/api/core/v1/pod/affinity";
import { boundedSeconds } from "@fairlead/api/int64";

/** The effect of a node's taints on a pod: it may stay, or is evicted after some time. */
export type Eviction = { readonly do: "stay" } | { readonly do: "evict"; readonly afterSeconds: number };

/**
 * Whether a pod has to leave a node with these taints.
 *
 * Only `NoExecute` counts. A pod that does not tolerate one of them goes at once; one that tolerates them for a while
 * only, after the shortest of these.
 */
export function planEviction(taints: readonly Taint[], tolerations: readonly Toleration[]): Eviction {
  const evicting = taints.filter(({ effect }) => effect === "NoExecute");
  if (evicting.length === 0) return { do: "stay" };
  const used = evicting.map((taint) => tolerations.find((toleration) => tolerates(toleration, taint)));
  if (used.includes(undefined)) return { do: "evict", afterSeconds: 0 };
  const seconds = used.flatMap((toleration) => toleration?.tolerationSeconds ?? []).map(boundedSeconds);
  return seconds.length === 0 ? { do: "stay" } : { do: "evict", afterSeconds: Math.max(0, Math.min(...seconds)) };
}

function tolerates({ key = "", operator, value = "", effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  if (operator === "Exists") return true;
  return (operator ?? "Equal") === "Equal" && key !== "" && value === (taint.value ?? "");
}
