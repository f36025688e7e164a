import type { Node, Taint } from "@fairlead/api/core/v1/node/node";
import { TAINT } from "@fairlead/api/well-known";
import { readyCondition } from "./health.ts";

/** Taints for conditions that are trouble when they are true. */
const BY_CONDITION: ReadonlyMap<string, string> = new Map([
  ["MemoryPressure", "node.kubernetes.io/memory-pressure"],
  ["DiskPressure", "node.kubernetes.io/disk-pressure"],
  ["PIDPressure", "node.kubernetes.io/pid-pressure"],
  ["NetworkUnavailable", "node.kubernetes.io/network-unavailable"],
]);
const OWN_KEYS: ReadonlySet<string> = new Set([
  TAINT.notReady,
  TAINT.unreachable,
  TAINT.unschedulable,
  ...BY_CONDITION.values(),
]);

/** What is done about pods on a node that is not ready: they are evicted by a taint; they are left for now; or all is well again. */
export type EvictionStep = "evict" | "leave" | "clear";

/**
 * The node's taints as they should be; `undefined` when they are. Taints that others put there stay.
 *
 * `NoSchedule` follows the node's conditions and whether it is cordoned. `NoExecute` is what evicts pods.
 *
 * @param now - The time as the API writes it, for new taints.
 */
export function plannedTaints(node: Node, step: EvictionStep, now: string): readonly Taint[] | undefined {
  const current = node.spec.taints ?? [];
  const wanted = [
    ...noScheduleKeys(node).map((key) => ({ key, effect: "NoSchedule" as const })),
    ...noExecute(node, step),
  ];
  const isOwn = ({ key, effect }: Taint) => effect !== "PreferNoSchedule" && OWN_KEYS.has(key);
  const isWanted = (taint: Taint) => wanted.some(({ key, effect }) => key === taint.key && effect === taint.effect);

  const kept = current.filter((taint) => !isOwn(taint) || isWanted(taint));
  const isThere = (taint: Pick<Taint, "key" | "effect">) =>
    kept.some(({ key, effect }) => key === taint.key && effect === taint.effect);
  const added = wanted.filter((taint) => !isThere(taint)).map((taint) => ({ ...taint, timeAdded: now }));
  return kept.length === current.length && added.length === 0 ? undefined : [...kept, ...added];
}

function noScheduleKeys(node: Node): readonly string[] {
  const conditions = node.status.conditions ?? [];
  const troubles = conditions.flatMap(({ type, status }) => {
    const key = BY_CONDITION.get(type);
    return status === "True" && key !== undefined ? [key] : [];
  });
  const key = readyKey(node);
  // A node that has just been made has a taint from its admission, and a kubelet that has not spoken yet.
  const isNew =
    readyCondition(node) === undefined && (node.spec.taints ?? []).some((taint) => taint.key === TAINT.notReady);
  return [
    ...(key !== undefined ? [key] : isNew ? [TAINT.notReady] : []),
    ...troubles,
    ...(node.spec.unschedulable === true ? [TAINT.unschedulable] : []),
  ];
}

function noExecute(node: Node, step: EvictionStep): readonly Pick<Taint, "key" | "effect">[] {
  const key = readyKey(node);
  if (key === undefined || step === "clear") return [];
  const current = (node.spec.taints ?? []).some(
    (taint) => taint.effect === "NoExecute" && (taint.key === TAINT.notReady || taint.key === TAINT.unreachable),
  );
  // A taint that is there already may change its key, but is neither taken away nor new.
  return step === "evict" || current ? [{ key, effect: "NoExecute" }] : [];
}

function readyKey(node: Node): string | undefined {
  switch (readyCondition(node)?.status) {
    case "False":
      return TAINT.notReady;
    case "Unknown":
      return TAINT.unreachable;
    default:
      return undefined;
  }
}
