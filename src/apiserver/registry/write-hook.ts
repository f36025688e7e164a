import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Compare, WriteOperation } from "@fairlead/store/store";

/** What a hook wants done in the same transaction as the object's own write. */
export interface HookResult<T> {
  readonly object: T;
  /** When one of these does not hold at commit, the hook is asked again. */
  readonly compare: readonly Compare[];
  readonly operations: readonly WriteOperation[];
}

/**
 * Takes part in the writes of one kind, inside the object's own transaction: a Service and the claim on its
 * ClusterIP are stored together or not at all.
 *
 * Runs after admission and validation of the user's part. Throws {@link StatusError} to refuse.
 */
export interface WriteHook<T extends KubeObject = KubeObject> {
  beforeCreate?(object: T): Promise<HookResult<T>>;
  beforeUpdate?(object: T, previous: T): Promise<HookResult<T>>;
  beforeDelete?(previous: T): Promise<HookResult<T>>;
}
