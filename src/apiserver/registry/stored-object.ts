import { parseApiJson } from "../../api/codec/parse-json.ts";
import type { Kind, KubeObject } from "../../api/kind.ts";
import { apiVersionOf } from "../../api/kind.ts";
import type { KeyValue } from "../../store/store.ts";

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
  /** Revision of the last change: the object's resource version. */
  readonly revision: number;
  /** The parsed object, resource version included. Parsed when first asked for. */
  readonly object: T;
  /** {@link object}'s labels. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** The fields that selectors may name. Computed when first asked for. */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * Lets go of the parsed object, which takes several times the memory of the bytes. What selectors look at is kept;
   * the object is parsed again should somebody ask for it.
   */
  release(): void;
}

/** The revision of an object that was tried (`dryRun`) and not stored: it has no resource version. */
export const NOT_STORED = 0;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Wraps what the store answered; nothing is parsed yet. */
export function storedObject<T extends KubeObject>(kind: Kind<T>, item: KeyValue): StoredObject<T> {
  return new LazyObject(kind, item.key, item.value, item.modRevision);
}

/** The same object under another revision: what a deletion shows last. */
export function atRevision<T extends KubeObject>(kind: Kind<T>, stored: StoredObject<T>, revision: number) {
  return new LazyObject(kind, stored.key, stored.bytes, revision);
}

class LazyObject<T extends KubeObject> implements StoredObject<T> {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly revision: number;
  readonly #kind: Kind<T>;
  #object: T | undefined;
  #fields: Readonly<Record<string, string>> | undefined;
  #labels: Readonly<Record<string, string>> | undefined;
  #hasLabels = false;

  constructor(kind: Kind<T>, key: string, bytes: Uint8Array, revision: number) {
    this.#kind = kind;
    this.key = key;
    this.bytes = bytes;
    this.revision = revision;
  }

  get object(): T {
    this.#object ??= parse<T>(this.bytes, this.revision);
    return this.#object;
  }

  get labels(): Readonly<Record<string, string>> | undefined {
    if (!this.#hasLabels) {
      this.#labels = this.object.metadata.labels;
      this.#hasLabels = true;
    }
    return this.#labels;
  }

  get fields(): Readonly<Record<string, string>> {
    this.#fields ??= selectableFields(this.#kind, this.object);
    return this.#fields;
  }

  release(): void {
    this.#object = undefined;
  }
}

/** Every field a selector may name, with this object's values. */
export function selectableFields<T extends KubeObject>(kind: Kind<T>, object: T): Readonly<Record<string, string>> {
  const { name, namespace } = object.metadata;
  return {
    ...kind.selectableFields(object),
    "metadata.name": name,
    ...(kind.namespaced && { "metadata.namespace": namespace ?? "" }),
  };
}

function parse<T extends KubeObject>(bytes: Uint8Array, revision: number): T {
  // What is stored was encoded by the API server, from an object of this kind.
  const value = parseApiJson(decoder.decode(bytes)) as T;
  if (revision === NOT_STORED) return value;
  return { ...value, metadata: { ...value.metadata, resourceVersion: String(revision) } };
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

/** Splices for objects of `kind`, whose stored bytes all start alike. */
export function splicer(kind: Pick<Kind, "kind" | "group" | "version">): Splicer {
  const wholeHead = `${typeMetaPrefix(kind)}${METADATA}`;
  const cut = encoder.encode(wholeHead).byteLength;
  return {
    whole(stored) {
      if (stored.revision === NOT_STORED) return stored.bytes;
      const head = encoder.encode(`${wholeHead}"resourceVersion":"${stored.revision}",`);
      const out = new Uint8Array(head.byteLength + stored.bytes.byteLength - cut);
      out.set(head);
      out.set(stored.bytes.subarray(cut), head.byteLength);
      return out;
    },
    itemHead: (stored) => `{${METADATA}"resourceVersion":"${stored.revision}",`,
    itemTail: (stored) => stored.bytes.subarray(cut),
  };
}
