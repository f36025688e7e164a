import type { Int64 } from "@fairlead/api/int64";
import type { KubeObject } from "@fairlead/api/resource-reference";

/**
 * How the objects of one kind live and die in the registry, where that is not as for every kind.
 *
 * All functions are pure. What a strategy leaves out is as for a CustomResourceDefinition's objects.
 */
export interface Strategy<T extends KubeObject = KubeObject> {
  /** What the system sets in a new object before validation. Default: `status` is removed. */
  prepareForCreate?(object: T): T;
  /** What the system keeps or sets in an ordinary update, besides metadata and status. Default: nothing. */
  prepareForUpdate?(object: T, previous: T): T;
  /**
   * What the system keeps or sets in a write to `status`, whose other fields are already those of `previous`.
   * `now` is as the API writes times.
   */
  prepareForStatusUpdate?(object: T, previous: T, now: string): T;
  /** Parts of the object that have a subresource of their own besides `status`, by its name: `finalize`, `resize`. Default: none. */
  readonly parts?: ReadonlyMap<string, ObjectPart<T>>;
  /**
   * How long the object stays after a deletion was asked for, in seconds, not negative; `requested` is what the client
   * wants, not negative either.
   * Default: kinds without this function are removed at once.
   */
  gracePeriodSeconds?(object: T, requested: Int64 | undefined): Int64;
  /** A finalizer that every deletion adds, before anything else is decided. Default: none. */
  readonly cleanupFinalizer?: string;
  /** Why no objects are created any more. Default: they are. */
  readonly creationRefusal?: string;
  /** What else changes when the object starts to be deleted. */
  markDeleted?(object: T): T;
  /** Whether something besides `metadata.finalizers` still holds the object. Default: no. */
  isHeld?(object: T): boolean;
  /** A deletion that names no propagation policy keeps the dependents. Default: the garbage collector deletes them. */
  readonly orphansDependents?: true;
  /**
   * Warnings for the client that writes the object, besides the kind's own. Default: none.
   *
   * @param previous - Absent when the object is created.
   */
  warnings?(object: T, previous?: T): readonly string[];
  /** A deletion answers the object that was removed, not a Status. Default false. */
  readonly answersDeletedObject?: boolean;
  /** PUT to a name that does not exist creates it. Default false. */
  readonly createsOnUpdate?: boolean;
  /** PUT without a resource version is refused. Default false. */
  readonly needsResourceVersion?: boolean;
  /** How long an object is kept after its last write. Default: for ever. */
  readonly ttlSeconds?: number;
  /** How long an ordinary update may wait to share a commit with other writes, in milliseconds. Default: not at all. */
  updateDelayMs?(object: T, previous: T): number;
}

/** A part of an object that is written through a subresource of its own, and left alone by other writes. */
export interface ObjectPart<T extends KubeObject = KubeObject> {
  /** Returns what a write through the subresource makes of `previous`. Its metadata is not taken. */
  take(given: T, previous: T): T;
  /** Labels, annotations, owners and finalizers stay as they are. Default: false. */
  readonly keepsMetadata?: true;
}

/** Delay of updates that no client waits for, in milliseconds: the value of `Strategy.updateDelayMs` for those. */
export const SHARED_COMMIT_MS = 2_000;

/** Strategies by group and resource: `pods`, `deployments.apps`. */
export type Strategies = ReadonlyMap<string, Strategy>;
