import { encodeStored } from "@fairlead/api/codec/encode";
import type { Kind } from "@fairlead/api/kind";
import type { Awaitable, Conversion, VersionDefinition } from "@fairlead/api/resource-definition";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Splicer, StoredObject } from "./stored-object.ts";
import { splicer, storedObject } from "./stored-object.ts";

/** One version of a resource, and how stored objects get into it. */
export interface ServedVersion {
  readonly kind: Kind;
  readonly splicer: Splicer;
  /** Absent for the storage version. */
  readonly conversion: Conversion | undefined;
  /** Whose columns tables show: {@link kind}, or the storage version. */
  readonly printedAs: Kind;
}

const encoder = new TextEncoder();

export function servedVersion({ kind, conversion, printedAs = kind }: VersionDefinition): ServedVersion {
  return { kind, splicer: splicer(kind), conversion, printedAs };
}

/** Returns an object that a client wrote in a version, with that version's defaults, in the storage version. */
export function toStorage({ kind, conversion }: ServedVersion, object: KubeObject): Awaitable<KubeObject> {
  return conversion === undefined ? object : first(conversion.toStorage([kind.withDefaults(object)]));
}

/** Returns an object of the storage version in another version. */
export function fromStorage({ conversion }: ServedVersion, object: KubeObject): Awaitable<KubeObject> {
  return conversion === undefined ? object : first(conversion.fromStorage([object]));
}

/** Returns stored objects as a version shows them, in the same order. In the storage version these are the objects themselves. */
export function shownObjects(
  version: ServedVersion,
  stored: readonly StoredObject[],
): Awaitable<readonly StoredObject[]> {
  return version.conversion === undefined ? stored : converted(version, version.conversion, stored);
}

/** Returns one stored object as a version shows it. */
export function shownObject(version: ServedVersion, stored: StoredObject): Awaitable<StoredObject> {
  return version.conversion === undefined ? stored : converted(version, version.conversion, [stored]).then(only);
}

async function converted(
  { kind }: ServedVersion,
  { fromStorage }: Conversion,
  stored: readonly StoredObject[],
): Promise<readonly StoredObject[]> {
  const objects = await fromStorage(stored.map(({ object }) => object));
  return stored.map((source, index) => {
    const { key, revision } = source;
    const object = objects[index];
    if (object === undefined) throw new Error(`A conversion to ${kind.kind} ${kind.version} lost an object`);
    const value = encoder.encode(encodeStored(kind, object));
    const shown = storedObject(kind, { key, value, modRevision: revision, createRevision: 0, version: 0 });
    return Object.assign(shown, { source });
  });
}

async function first(converted: Awaitable<readonly KubeObject[]>): Promise<KubeObject> {
  return only(await converted);
}

function only<T>(values: readonly T[]): T {
  const [value] = values;
  if (value === undefined || values.length !== 1)
    throw new Error(`Expected one converted object, got ${values.length}`);
  return value;
}
