import type { Codec } from "./codec/codec.ts";
import type { Column } from "./column.ts";
import { nameAndAge } from "./columns.ts";
import type { FieldError } from "./field-error.ts";
import type { KubeObject, ResourceReference } from "./resource-reference.ts";
import type { Infer, Struct } from "./schema.ts";
import type { JsonSchema } from "./structural/json-schema.ts";

/** What may be done with the objects of a kind, as discovery lists it. */
export type Verb = "create" | "delete" | "deletecollection" | "get" | "list" | "patch" | "update" | "watch";

/** The verbs of a kind that is stored. */
export const STORED_VERBS: readonly Verb[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

/**
 * One kind of object: everything the API server, the clients and the printers know about it.
 *
 * The HTTP layer has no table of kinds of its own. A CustomResourceDefinition becomes one of these at run time.
 * All functions are pure: no clock, no randomness, no I/O.
 */
export interface Kind<T extends KubeObject = KubeObject> extends ResourceReference<T> {
  readonly singular: string;
  /** Kind of a list. Default: `kind` and `List`. */
  readonly listKind?: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /**
   * The fields, with the rules by which strategic merge patch and server-side apply merge them. For a custom resource as much of
   * them as its schema says.
   */
  readonly schema: Struct;
  /** How objects are read and written, where that is not as `schema` declares: for custom resources. */
  readonly codec?: Codec;
  /** The schema that is published, where it says more than `schema`: of custom resources. */
  readonly publishedSchema?: JsonSchema;
  /**
   * Returns stored bytes in the form in which objects of this kind are written now, where what was stored before may have
   * another. Default: it has this one.
   */
  readonly readStored?: (kind: Kind, bytes: Uint8Array) => Uint8Array;
  /** {@link STORED_VERBS}, or `["create"]` for a kind that is only a question (TokenReview). */
  readonly verbs: readonly Verb[];
  /** The verbs that discovery lists. Default: {@link verbs}. */
  readonly listedVerbs?: readonly Verb[];
  /** Whether writes to `status` go to a subresource of their own, and ordinary writes leave it alone. */
  readonly hasStatus: boolean;
  /** Names of further subresources that discovery lists, for example `log` or `token`. What they do is in the API server. */
  readonly subresources: readonly Subresource[];
  /** How many pods the object has, for its subresource `scale`. Absent: it has none. */
  readonly scale?: Scaling<T>;
  readonly columns: readonly Column<T>[];
  /**
   * Fills in the defaults that depend on other fields. Constant ones stand in the schema and are already there.
   * On an update `previous` is the stored object: some defaults are not given twice.
   */
  withDefaults(object: T, previous?: T): T;
  /**
   * What is wrong with the object's own fields; `previous` is the stored one on an update, `subresource` is `""`, the default,
   * or `status`. Metadata is checked for every kind alike.
   */
  validate(object: T, previous?: T, subresource?: string): readonly FieldError[];
  /**
   * What a client is warned about in an object that is accepted, in the words of upstream's strategies. `previous` is the
   * stored object on an update; `subresource` is `""` or `status`. Default: nothing.
   */
  warnings(object: T, previous: T | undefined, subresource: string): readonly string[];
  /** Warns the clients of a deprecated version, whatever they do: since when, and what to use instead. Default: nothing. */
  readonly deprecation?: string;
  /** The fields that a field selector may name besides `metadata.name` and `metadata.namespace`, and how to read each. */
  readonly selectableFields: Readonly<Record<string, FieldReader<T>>>;
  /** Whether the write changes what the user wants, so that `metadata.generation` goes up. Default: `spec` differs. */
  readonly hasGeneration: boolean;
  /** Which names are allowed; refuses with upstream's words. */
  validateName(name: string): readonly string[];
}

/** Reads one field of an object as text. It has a method's type, so that a kind of pods is a kind of objects. */
export type FieldReader<T> = { read(object: T): string }["read"];

/** How the number of pods of a workload is seen and changed, whatever fields hold it. */
export interface Scaling<T> {
  read(object: T): {
    readonly wanted: number;
    readonly observed: number;
    /** Labels of the pods, as queries of the API have them. */
    readonly selector: string;
  };
  /** The object with another number; also of an object that has nothing else yet. */
  withReplicas(object: T, replicas: number): T;
}

/** A part or an action of an object that has a path of its own below it. */
export interface Subresource {
  readonly name: string;
  /** The kind of object its requests and answers carry, for discovery: `Binding`, `TokenRequest`. */
  readonly kind: string;
  /** Group and version of that kind, where they are not the parent's. */
  readonly group?: string;
  readonly version?: string;
  /** What its requests and answers look like, where that is neither the parent nor free: for the published description. */
  readonly schema?: Struct;
  readonly verbs: readonly ("create" | "get" | "patch" | "update" | "delete")[];
  /** Paths of the parent's fields that writes through it reach; `*` is any item of a list. Default: as in other writes. */
  readonly writes?: readonly (readonly string[])[];
}

/** Returns the declared fields of a kind's objects; `undefined` for a custom resource, whose codec knows more than its fields. */
export function declaredSchema({ codec, schema }: Pick<Kind, "codec" | "schema">): Struct | undefined {
  return codec === undefined ? schema : undefined;
}

/** Returns the kind of a list of objects. */
export function listKindOf({ kind, listKind }: Pick<Kind, "kind" | "listKind">): string {
  return listKind ?? `${kind}List`;
}

/** A kind whose objects have the given schema's type. */
export type ObjectOf<S extends Struct> = Infer<S>;

/** What {@link defineKind} needs: the parts without a sensible default, and any of the others. */
export type KindDefinition<T extends KubeObject> = Pick<
  Kind<T>,
  "group" | "version" | "kind" | "plural" | "namespaced" | "schema"
> &
  Partial<Kind<T>>;

/** Declares a kind. Defaults: stored, no subresource but `status` if the schema has one, the columns Name and Age. */
export function defineKind<T extends KubeObject>(definition: KindDefinition<T>): Kind<T> {
  const has = (name: string) => Object.hasOwn(definition.schema.fields, name);
  return {
    singular: definition.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    verbs: STORED_VERBS,
    hasStatus: has("status"),
    hasGeneration: false,
    subresources: [],
    columns: nameAndAge,
    withDefaults: (object) => object,
    validate: () => [],
    warnings: () => [],
    selectableFields: {},
    validateName: () => [],
    ...definition,
  };
}
