import type { Kind } from "./kind.ts";
import type { KubeObject } from "./resource-reference.ts";

/** A value that is there already, or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Converts objects between one version of a resource and the storage version. Both directions keep the order of the objects,
 * their metadata, and every field that the other version has no field for (upstream keeps those in annotations).
 *
 * Objects are passed in batches because a conversion may be a call to a webhook.
 */
export interface Conversion {
  toStorage(objects: readonly KubeObject[]): Awaitable<readonly KubeObject[]>;
  fromStorage(objects: readonly KubeObject[]): Awaitable<readonly KubeObject[]>;
}

/** One version in which the API server serves a resource. */
export interface VersionDefinition {
  readonly kind: Kind;
  /** Absent for the storage version. */
  readonly conversion?: Conversion;
  /**
   * The storage version, where tables show its columns, made of the stored object: built-in resources print the same in
   * all versions. Default: tables show this version's columns, made of the converted object.
   */
  readonly printedAs?: Kind;
}

/** One resource: objects that are stored once, and served in one or several versions. */
export interface ResourceDefinition {
  /** The version in which objects are stored, admitted and validated. */
  readonly storage: Kind;
  /** The served versions. The storage version need not be among them. */
  readonly versions: readonly VersionDefinition[];
}

/** Defines a resource with a single version. */
export function inOneVersion(kind: Kind): ResourceDefinition {
  return { storage: kind, versions: [{ kind }] };
}

/** Makes a conversion of two functions that convert one object. `T` is the type in the version, `S` in the storage version. */
export function convertEach<T extends KubeObject, S extends KubeObject>(convert: {
  toStorage(object: T): S;
  fromStorage(object: S): T;
}): Conversion {
  return {
    // The caller passes objects of these versions.
    toStorage: (objects) => objects.map((object) => convert.toStorage(object as T)),
    fromStorage: (objects) => objects.map((object) => convert.fromStorage(object as S)),
  };
}
