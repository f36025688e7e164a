import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { isPodActive, readySinceMs } from "../pod-control/pod-state.ts";
import { isPodReady } from "../service-pods/pod-readiness.ts";

const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const INT32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };
const PHASES = ["Pending", "Unknown", "Running"];

/** What is known of a pod that may be deleted, in the order in which it counts. */
interface Ranked {
  readonly pod: Pod;
  readonly isScheduled: boolean;
  readonly phase: number;
  readonly isReady: boolean;
  readonly deletionCost: number;
  /** How many pods of the same workload are on its node. */
  readonly neighbours: number;
  readonly readySinceMs: number | undefined;
  readonly restarts: readonly number[];
}

/**
 * The pods in the order in which they go when there are too many: those first that are missed least.
 *
 * https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#scaling-a-replicaset, and KEP-2185 for times: ages
 * are compared by their order of magnitude, so that it is not always the newest nodes that lose their pods.
 *
 * @param related - All pods of the workload that the ReplicaSet is one version of.
 */
export function rankForDeletion(pods: readonly Pod[], related: readonly Pod[], nowMs: number): readonly Pod[] {
  const perNode = new Map<string, number>();
  for (const { spec } of related.filter(isPodActive)) {
    perNode.set(spec.nodeName ?? "", (perNode.get(spec.nodeName ?? "") ?? 0) + 1);
  }
  return pods
    .map((pod) => rankOf(pod, perNode))
    .toSorted((a, b) => compare(a, b, nowMs))
    .map(({ pod }) => pod);
}

function rankOf(pod: Pod, perNode: ReadonlyMap<string, number>): Ranked {
  const { nodeName = "", initContainers = [] } = pod.spec;
  const sidecars = new Set(initContainers.filter((c) => c.restartPolicy === "Always").map(({ name }) => name));
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status;
  return {
    pod,
    isScheduled: nodeName !== "",
    phase: PHASES.indexOf(pod.status.phase ?? ""),
    isReady: isPodReady(pod),
    deletionCost: deletionCost(pod.metadata.annotations?.[DELETION_COST]),
    neighbours: perNode.get(nodeName) ?? 0,
    readySinceMs: readySinceMs(pod),
    restarts: [
      Math.max(0, ...containerStatuses.map(({ restartCount }) => restartCount)),
      Math.max(0, ...initContainerStatuses.filter(({ name }) => sidecars.has(name)).map((s) => s.restartCount)),
    ],
  };
}

/** A whole number of 32 bits without a plus or a leading zero, as upstream takes it; 0 for everything else. */
function deletionCost(text: string | undefined): number {
  if (text === undefined || !/^(0|[1-9]\d*|-\d+)$/.test(text)) return 0;
  const cost = Number(text);
  return cost < INT32.min || cost > INT32.max ? 0 : cost;
}

/** Below 0: `a` goes first. */
function compare(a: Ranked, b: Ranked, nowMs: number): number {
  return (
    Number(a.isScheduled) - Number(b.isScheduled) ||
    a.phase - b.phase ||
    Number(a.isReady) - Number(b.isReady) ||
    a.deletionCost - b.deletionCost ||
    b.neighbours - a.neighbours ||
    (a.isReady && b.isReady ? compareAges(a, b, a.readySinceMs, b.readySinceMs, nowMs) : 0) ||
    (b.restarts[0] ?? 0) - (a.restarts[0] ?? 0) ||
    (b.restarts[1] ?? 0) - (a.restarts[1] ?? 0) ||
    compareAges(a, b, createdMs(a.pod), createdMs(b.pod), nowMs)
  );
}

function createdMs({ metadata }: Pod): number | undefined {
  const ms = Date.parse(metadata.creationTimestamp);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Newer ones first; what is about as old goes by uid, which is as good as by lot. A time that is not known is the newest. */
function compareAges(a: Ranked, b: Ranked, aMs: number | undefined, bMs: number | undefined, nowMs: number): number {
  if (aMs === bMs) return 0;
  if (aMs === undefined) return -1;
  if (bMs === undefined) return 1;
  const byAge = magnitude(nowMs - aMs) - magnitude(nowMs - bMs);
  return byAge === 0 ? (a.pod.metadata.uid < b.pod.metadata.uid ? -1 : 1) : byAge;
}

/** The whole part of the binary logarithm of a time in nanoseconds, as upstream counts them; -1 for none. */
function magnitude(ageMs: number): number {
  return ageMs > 0 ? Math.floor(Math.log2(ageMs * 1_000_000)) : -1;
}
