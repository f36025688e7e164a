import type { KubeObject } from "@fairlead/api/resource-reference";

/** `namespace/name`, or `name` for kinds without a namespace. What controllers queue. */
export type CacheKey = string;

/**
 * A local, always current copy of the objects of one kind, kept by list and watch.
 *
 * Answers what was true a moment ago. Objects are shared, never copied: they are readonly.
 */
export interface Cache<T extends KubeObject> {
  get(key: CacheKey): T | undefined;
  /** In no particular order. */
  list(): readonly T[];
  /** The objects for which the index function named `index` gave `value`. Throws for an unknown index. */
  byIndex(index: string, value: string): readonly T[];
  /** Resolves once the first list is in. */
  readonly synced: Promise<void>;
  /** Called after each change, with what there was and what there is; after the first list, once per object. Returns the unsubscriber. */
  onChange(listener: (change: CacheChange<T>) => void): () => void;
  /**
   * As {@link onChange}, for a cache that may hold many objects: those that are there are reported in parts, and other work gets
   * its turn between two parts. A change of an object that has not been reported yet reports it as new.
   */
  follow(listener: (change: CacheChange<T>) => void): CacheFollower;
  /** The resource version up to which the copy is complete. */
  readonly resourceVersion: string;
  stop(): Promise<void>;
}

export interface CacheChange<T> {
  readonly key: CacheKey;
  /** Absent when the object is new. */
  readonly before: T | undefined;
  /** Absent when the object is gone. */
  readonly after: T | undefined;
}

/** Index functions by name: each gives the values under which an object is found. */
export type Indexes<T> = Readonly<Record<string, (object: T) => readonly string[]>>;

/** A listener of a cache that is catching up with it, or has. */
export interface CacheFollower {
  /** Resolves once every object that was there has been reported, or after {@link stop}. */
  readonly caughtUp: Promise<void>;
  stop(): void;
}
