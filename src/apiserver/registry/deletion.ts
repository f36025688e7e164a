import { apiTime } from "@fairlead/api/api-time";
import { boundedSeconds, type Int64, nextInt64 } from "@fairlead/api/int64";
import type { DeleteOptions } from "@fairlead/api/meta/v1/delete-options";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { withMeta } from "./object-meta.ts";
import type { Strategy } from "./strategy.ts";

/** What a deletion does to the object that is stored. */
export type DeletionPlan<T> =
  | { readonly type: "remove" }
  /** The object stays, marked: its kubelet or its finalizers are waited for. */
  | { readonly type: "mark"; readonly object: T }
  /** It is being deleted already, and this request changes nothing. */
  | { readonly type: "pending" };

export interface Deletion<T extends KubeObject> {
  readonly object: T;
  readonly options: DeleteOptions;
  readonly strategy: Strategy<T>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const ORPHAN = "orphan";
const FOREGROUND = "foregroundDeletion";

/** Decides how an object goes: at once, after its grace period, or when its finalizers are gone. */
export function planDeletion<T extends KubeObject>(deletion: Deletion<T>): DeletionPlan<T> {
  const { strategy } = deletion;
  if (strategy.cleanupFinalizer !== undefined && deletion.object.metadata.deletionTimestamp === undefined) {
    return { type: "mark", object: withCleanup(deletion, strategy.cleanupFinalizer) };
  }
  const object = withMeta(deletion.object, { finalizers: finalizersFor(deletion) });
  if (strategy.gracePeriodSeconds !== undefined) return planGraceful({ ...deletion, object });
  if (!isHeld(object, strategy)) return { type: "remove" };
  return { type: "mark", object: marked({ ...deletion, object }, 0) };
}

/** Such a deletion has no grace period, and is no change of what its user wants. */
function withCleanup<T extends KubeObject>({ object, now, strategy }: Deletion<T>, finalizer: string): T {
  const { finalizers = [] } = object.metadata;
  const next = withMeta(object, {
    deletionTimestamp: apiTime(now),
    finalizers: [...new Set([...finalizers, finalizer])],
  });
  return strategy.markDeleted?.(next) ?? next;
}

/** Whether an object that was marked earlier can now go: an update took away what held it. */
export function isReleased<T extends KubeObject>(object: T, previous: T, strategy: Strategy<T>): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = previous.metadata;
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && !isHeld(object, strategy);
}

function isHeld<T extends KubeObject>(object: T, strategy: Strategy<T>): boolean {
  return (object.metadata.finalizers ?? []).length > 0 || strategy.isHeld?.(object) === true;
}

function planGraceful<T extends KubeObject>(deletion: Deletion<T>): DeletionPlan<T> {
  const { object, options, strategy, now } = deletion;
  const asked = options.gracePeriodSeconds;
  const requested = asked === undefined || asked >= 0 ? asked : 1;
  const { deletionTimestamp, deletionGracePeriodSeconds: pendingSeconds = 0 } = object.metadata;
  if (deletionTimestamp === undefined) {
    const seconds = strategy.gracePeriodSeconds?.(object, requested) ?? 0;
    return finish(deletion, marked(deletion, seconds), seconds);
  }
  if (pendingSeconds === 0) return finish(deletion, object, 0);
  // A second deletion may only shorten what the first one granted.
  if (requested === undefined || requested >= pendingSeconds) return { type: "pending" };
  const shortened = Date.parse(deletionTimestamp) - (boundedSeconds(pendingSeconds) - boundedSeconds(requested)) * 1000;
  const overdue = shortened < now;
  const seconds = overdue && requested !== 0 ? 1 : requested;
  const at = apiTime(overdue ? now : shortened);
  return finish(deletion, withMeta(object, { deletionTimestamp: at, deletionGracePeriodSeconds: seconds }), seconds);
}

function finish<T extends KubeObject>({ strategy }: Deletion<T>, object: T, seconds: Int64): DeletionPlan<T> {
  return seconds === 0 && !isHeld(object, strategy) ? { type: "remove" } : { type: "mark", object };
}

function marked<T extends KubeObject>({ object, now, strategy }: Deletion<T>, seconds: Int64): T {
  const { deletionTimestamp, generation } = object.metadata;
  const isNew = deletionTimestamp === undefined;
  const due = apiTime(now + boundedSeconds(seconds) * 1000);
  const next = withMeta(object, {
    deletionTimestamp: isNew || deletionTimestamp > due ? due : deletionTimestamp,
    deletionGracePeriodSeconds: seconds,
    ...(isNew && generation !== undefined && { generation: nextInt64(generation) }),
  });
  return strategy.markDeleted?.(next) ?? next;
}

/** Finalizers by which the garbage collector treats the object's dependents. */
function finalizersFor<T extends KubeObject>({ object, options, strategy }: Deletion<T>): readonly string[] {
  const current = object.metadata.finalizers ?? [];
  const policy = options.propagationPolicy ?? legacyPolicy(options);
  const others = current.filter((name) => name !== ORPHAN && name !== FOREGROUND);
  if (policy === undefined) {
    const keepsDependents = strategy.orphansDependents === true && others.length === current.length;
    return keepsDependents ? [...current, ORPHAN] : current;
  }
  if (policy === "Orphan") return [...others, ORPHAN];
  return policy === "Foreground" ? [...others, FOREGROUND] : others;
}

function legacyPolicy({ orphanDependents }: DeleteOptions): "Orphan" | "Background" | undefined {
  if (orphanDependents === undefined) return undefined;
  return orphanDependents ? "Orphan" : "Background";
}
