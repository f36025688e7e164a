import { encodeObject } from "@fairlead/api/codec/encode";
import { parseApiJson } from "@fairlead/api/codec/parse-json";
import type { Kind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import { selectableValues } from "@fairlead/api/selectors/field-selector";
import { createStringTable } from "@fairlead/lib/string-table";
import type { KeyValue } from "@fairlead/store/store";

/**
 * One object as the store keeps it: canonical JSON without a resource version, which is spliced in when it goes out.
 *
 * ```
 * {"kind":"Pod","apiVersion":"v1","metadata":{"name":"p",...},...}        stored
 * {"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"7","name":"p",...},...}  answered
 * {"metadata":{"resourceVersion":"7","name":"p",...},...}                 in a list
 * ```
 */
export interface StoredObject<T extends KubeObject = KubeObject> {
  readonly key: string;
  /** The stored bytes. */
  readonly bytes: Uint8Array;
  /** Whether the store has the object in an earlier form: {@link bytes} is what would be written now. */
  readonly isOutdated: boolean;
  /** Revision of the last change: the object's resource version. */
  readonly revision: number;
  /**
   * The parsed object, resource version included. Parsed when asked for, and held weakly: it takes several times the memory
   * of the bytes.
   */
  readonly object: T;
  /**
   * {@link object} without `managedFields`, for readers in this process: one object for all of them, as long as one holds
   * it. An update with it keeps the managers of the fields: the server does when an update names none.
   */
  readonly shared: T;
  /** {@link object}'s labels. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** The fields that selectors may name. Computed when first asked for. */
  readonly fields: Readonly<Record<string, string>>;
  /** The object in the storage version, where this one is a conversion of it. */
  readonly source?: StoredObject;
  /**
   * Lets go of the parsed object at once. Labels and fields are kept. From now on, every read of {@link object} parses it
   * again and keeps nothing.
   */
  release(): void;
}

/** The revision of an object that was tried (`dryRun`) and not stored: it has no resource version. */
export const NOT_STORED = 0;

/** Returns an object that is answered and is not what the store has: the answer to a question, a part of another object. */
export function unstoredObject<T extends KubeObject>(kind: Kind<T>, object: T): StoredObject<T> {
  return new LazyObject(kind, { key: "", bytes: encoder.encode(encodeObject(kind, object)), revision: NOT_STORED });
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Wraps what the store answered; nothing is parsed yet, unless the kind's objects may have been stored in another form. */
export function storedObject<T extends KubeObject>(kind: Kind<T>, item: KeyValue): StoredObject<T> {
  const bytes = kind.readStored === undefined ? item.value : kind.readStored(kind as unknown as Kind, item.value);
  const isOutdated = bytes !== item.value && Buffer.compare(bytes, item.value) !== 0;
  return new LazyObject(kind, { key: item.key, bytes, revision: item.modRevision, isOutdated });
}

/**
 * Returns the same object under another revision, as the event of a deletion shows it. It shares labels and fields with
 * `stored`, and its `release` releases both.
 */
export function atRevision<T extends KubeObject>(
  kind: Kind<T>,
  stored: StoredObject<T>,
  revision: number,
): StoredObject<T> {
  return new LazyObject(kind, { key: stored.key, bytes: stored.bytes, revision, original: stored });
}

interface Source<T extends KubeObject> extends Pick<StoredObject, "key" | "bytes" | "revision"> {
  readonly isOutdated?: boolean;
  /** The same object under its own revision. */
  readonly original?: StoredObject<T>;
}

class LazyObject<T extends KubeObject> implements StoredObject<T> {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly revision: number;
  readonly isOutdated: boolean;
  readonly #kind: Kind<T>;
  readonly #original: StoredObject<T> | undefined;
  #object: WeakRef<T> | undefined;
  #shared: WeakRef<T> | undefined;
  #isReleased = false;
  #fields: Readonly<Record<string, string>> | undefined;
  #labels: Readonly<Record<string, string>> | undefined;
  #hasLabels = false;

  constructor(kind: Kind<T>, { key, bytes, revision, isOutdated = false, original }: Source<T>) {
    this.#kind = kind;
    this.key = key;
    this.bytes = bytes;
    this.revision = revision;
    this.isOutdated = isOutdated;
    this.#original = original;
  }

  get object(): T {
    const kept = this.#object?.deref();
    if (kept !== undefined) return kept;
    const object = parse<T>(this.bytes, this.revision);
    if (!this.#isReleased) this.#object = new WeakRef(object);
    return object;
  }

  get shared(): T {
    const kept = this.#shared?.deref();
    if (kept !== undefined) return kept;
    const shared =
      this.#original === undefined
        ? slim(this.#object?.deref() ?? parse<T>(this.bytes, this.revision))
        : withResourceVersion(this.#original.shared, this.revision);
    if (!this.#isReleased) this.#shared = new WeakRef(shared);
    return shared;
  }

  /** Either form of the object, preferably one that is there. */
  get #any(): T {
    return this.#shared?.deref() ?? this.object;
  }

  get labels(): Readonly<Record<string, string>> | undefined {
    if (!this.#hasLabels) {
      this.#labels = this.#original === undefined ? this.#any.metadata.labels : this.#original.labels;
      this.#hasLabels = true;
    }
    return this.#labels;
  }

  get fields(): Readonly<Record<string, string>> {
    this.#fields ??= this.#original?.fields ?? selectableFields(this.#kind, this.#any);
    return this.#fields;
  }

  release(): void {
    this.#object = undefined;
    this.#shared = undefined;
    this.#isReleased = true;
    this.#original?.release();
  }
}

/** Every field a selector may name, with this object's values. */
export function selectableFields<T extends KubeObject>(kind: Kind<T>, object: T): Readonly<Record<string, string>> {
  const { name, namespace } = object.metadata;
  return {
    ...selectableValues(kind, object),
    "metadata.name": name,
    ...(kind.namespaced && { "metadata.namespace": namespace ?? "" }),
  };
}

function parse<T extends KubeObject>(bytes: Uint8Array, revision: number): T {
  // What is stored was encoded by the API server, from an object of this kind.
  const value = parseApiJson(decoder.decode(bytes)) as T;
  return revision === NOT_STORED ? value : withResourceVersion(value, revision);
}

function withResourceVersion<T extends KubeObject>(object: T, revision: number): T {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

const strings = createStringTable({ lengthMax: 128, stringsMax: 2_048 });

/** Returns an object that will be kept for long. Its strings become one with those of others, also in the given object. */
function slim<T extends KubeObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata;
  const slimmed = { ...object, metadata };
  // In tests objects are frozen once a client has them.
  if (!Object.isFrozen(object)) strings.unify(slimmed);
  return slimmed;
}

/** `{"kind":"Pod","apiVersion":"v1",`: what is left out inside lists. */
function typeMetaPrefix(kind: Pick<Kind, "kind" | "group" | "version">): string {
  return `{"kind":${JSON.stringify(kind.kind)},"apiVersion":${JSON.stringify(apiVersionOf(kind))},`;
}

const METADATA = '"metadata":{';

/** How the bytes of one kind are turned into answers. */
export interface Splicer {
  /** The object as an answer of its own. */
  whole(stored: StoredObject): Uint8Array;
  /** The pieces of the object as an item of a list: a head that differs, and a view of the stored bytes. */
  itemHead(stored: StoredObject): string;
  itemTail(stored: StoredObject): Uint8Array;
}

/** Splices for objects of `kind`, whose stored bytes all start alike. Custom resources name their type in lists, too. */
export function splicer(kind: Pick<Kind, "kind" | "group" | "version" | "codec">): Splicer {
  const wholeHead = `${typeMetaPrefix(kind)}${METADATA}`;
  const listedHead = kind.codec === undefined ? `{${METADATA}` : wholeHead;
  const cut = encoder.encode(wholeHead).byteLength;
  return {
    whole(stored) {
      if (stored.revision === NOT_STORED) return stored.bytes;
      // Names of kinds and groups are ASCII.
      const head = `${wholeHead}"resourceVersion":"${stored.revision}",`;
      const out = Buffer.allocUnsafe(head.length + stored.bytes.byteLength - cut);
      out.write(head, "latin1");
      out.set(stored.bytes.subarray(cut), head.length);
      return out;
    },
    itemHead: (stored) => `${listedHead}"resourceVersion":"${stored.revision}",`,
    itemTail: (stored) => stored.bytes.subarray(cut),
  };
}
