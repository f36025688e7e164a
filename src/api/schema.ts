/**
 * The vocabulary in which kinds are declared.
 *
 * One declaration gives the TypeScript type ({@link Infer}), the published schema, the check for
 * unknown and wrongly typed fields, constant defaults, the patch strategies and the protobuf layout.
 * Names of types and fields, field numbers, list types, merge keys and defaults are upstream's
 * (k8s.io/api `generated.proto` and the OpenAPI v3 description of 1.35); the descriptions are ours.
 */

import type { Int64 } from "./int64.ts";

/** What one value may be: a scalar, a list, a map or a struct. */
export type Schema = Scalar | List | StringMap | Struct;

/** The sorts of single values. What each is in JSON stands beside it. */
export type ScalarType =
  /** A UTF-8 string. */
  | "string"
  | "bool"
  | "int32"
  /** Written as a JSON number, exact: {@link Int64}. */
  | "int64"
  | "double"
  /** Base64 text in JSON. */
  | "bytes"
  /** Resource quantity such as `500m` or `2Gi`; JSON may also hold a number. */
  | "quantity"
  /** A JSON number or string; a port number or a port name, an absolute or a percentage. */
  | "intOrString"
  /** RFC 3339 with seconds, UTC. */
  | "time"
  /** RFC 3339 with microseconds, UTC. */
  | "microTime"
  /** Any JSON value, kept unchanged. */
  | "json";

/** A single value. `T` is its TypeScript type. */
export interface Scalar<T = unknown> {
  readonly type: ScalarType;
  /** The closed set of strings, where there is one. Checked by validation, not by decoding. */
  readonly values?: readonly string[];
  /**
   * Of `json`: server-side apply merges values that are objects key by key, at every level, and replaces others whole. Default:
   * it replaces all of them. Upstream's `__untyped_deduced_` and `__untyped_atomic_`.
   */
  readonly mergedByKey?: true;
  /** Of `json`: upstream's name of the type, where it has one, and what it is. Default: upstream writes it out at each place. */
  readonly named?: { readonly name: string; readonly description: string };
  /** Of `json`: the shapes that a value may have. Default: any. */
  readonly either?: Either;
  /** Never present at run time: carries the TypeScript type. */
  readonly _?: T;
}

/**
 * An object, or a value of one other sort, as upstream's `JSONSchemaPropsOrBool` and its like. Fields that the object's struct
 * does not know are dropped without a warning, as by upstream's decoders of these types. Server-side apply replaces the value whole.
 */
export interface Either {
  /** The object: its struct, and the number of its field in the protobuf message. */
  readonly object: { readonly number: number; readonly schema: Struct };
  /** The other sort. */
  readonly other: { readonly number: number; readonly schema: Scalar | List };
  /** The refusal of a value that is neither. Default: such a value is dropped. */
  readonly refusal?: string;
}

/** How two versions of a list are merged. `atomic` lists are replaced whole. */
export interface ListMerge {
  /** `x-kubernetes-list-type`. Absence means `atomic`. */
  readonly listType?: "atomic" | "set" | "map";
  /** `x-kubernetes-list-map-keys`: what identifies an item of a `map` list to server-side apply. */
  readonly mapKeys?: readonly string[];
  /** `x-kubernetes-patch-merge-key`: what identifies an item to strategic merge patch. */
  readonly mergeKey?: string;
  /** `x-kubernetes-patch-strategy`. Absence means `replace`. */
  readonly patchStrategy?: PatchStrategy;
}

/** How strategic merge patch treats a field: `merge` item by item, `replace` whole, `retainKeys` only the keys that the patch names. */
export type PatchStrategy = "merge" | "replace" | "retainKeys" | "merge,retainKeys";

export interface List<I extends Schema = Schema> extends ListMerge {
  readonly type: "list";
  readonly items: I;
}

export interface StringMap<V extends Schema = Schema> {
  readonly type: "map";
  readonly values: V;
  /** `x-kubernetes-map-type: atomic`: replaced whole by server-side apply. */
  readonly atomic?: boolean;
}

/** An object whose fields are declared. */
export interface Struct<F extends Fields = Fields> {
  readonly type: "struct";
  /** Upstream's name of the type, for example `io.k8s.api.core.v1.ServicePort`. */
  readonly name: string;
  readonly description: string;
  readonly fields: F;
  /** `x-kubernetes-map-type: atomic` on the struct itself. */
  readonly atomic?: boolean;
  /** What the fields hold that are not declared. Default: there are no others. */
  readonly otherFields?: Schema;
}

/** The fields of a struct by their JSON names, in upstream's order. */
export type Fields = Readonly<Record<string, Field>>;

/** What else holds of a field. */
export interface FieldOptions {
  /** In upstream's `required` list. Decoding fills in the zero value, unless the field has `keepEmpty`; validation refuses either. */
  readonly required?: true;
  /** Not required of the writer, but always there in what the API server answers. */
  readonly present?: true;
  /** Decoding fills in the zero value: upstream's field is no pointer and always in its JSON. Objects of our own may lack it. */
  readonly filled?: true;
  /** Filled in when absent. Defaults that depend on other fields are the kind's `withDefaults`. */
  readonly default?: unknown;
  /**
   * The field is a pointer upstream: an empty, zero or false value differs from absence, and no default replaces it.
   * Without this, zero values are left out or replaced by the default.
   */
  readonly keepEmpty?: true;
  /** Strategic merge of a struct field; lists carry their own. */
  readonly patchStrategy?: PatchStrategy;
}

export interface Field<S extends Schema = Schema, O extends FieldOptions = FieldOptions> {
  /** The protobuf field number. */
  readonly number: number;
  readonly schema: S;
  readonly description: string;
  readonly options: O;
  /** Set by {@link inlined}: in protobuf the field is inside the message of this number, in JSON it is not. */
  readonly via?: number;
}

export function field<S extends Schema>(number: number, schema: S, description: string): Field<S, Record<never, never>>;
export function field<S extends Schema, const O extends FieldOptions>(
  number: number,
  schema: S,
  description: string,
  options: O,
): Field<S, O>;
export function field(number: number, schema: Schema, description: string, options: FieldOptions = {}): Field {
  return { number, schema, description, options };
}

/** Declares a struct. `name` is upstream's, `description` is for `kubectl explain`. */
export function struct<F extends Fields>(
  name: string,
  description: string,
  fields: F,
  options: Pick<Struct, "atomic" | "otherFields"> = {},
): Struct<F> {
  return { type: "struct", name, description, fields, ...options };
}

/** The fields of `inner`, to be spread into a struct that has them inline in JSON and as message `number` in protobuf. */
export function inlined<F extends Fields>(number: number, inner: Struct<F>): F {
  // Each field keeps its own type; only `via` is added.
  return Object.fromEntries(Object.entries(inner.fields).map(([name, f]) => [name, { ...f, via: number }])) as F;
}

export function list<I extends Schema>(items: I, merge: ListMerge = {}): List<I> {
  return { type: "list", items, ...merge };
}

export function map<V extends Schema>(values: V, options: { readonly atomic?: boolean } = {}): StringMap<V> {
  return { type: "map", values, ...options };
}

/** A string out of a closed set. */
export function oneOf<const V extends readonly string[]>(...values: V): Scalar<V[number]> {
  return { type: "string", values };
}

const scalar = <T>(type: ScalarType): Scalar<T> => ({ type });

/** The scalars. */
export const t = {
  string: scalar<string>("string"),
  bool: scalar<boolean>("bool"),
  int32: scalar<number>("int32"),
  int64: scalar<Int64>("int64"),
  double: scalar<number>("double"),
  bytes: scalar<string>("bytes"),
  quantity: scalar<string>("quantity"),
  intOrString: scalar<number | string>("intOrString"),
  time: scalar<string>("time"),
  microTime: scalar<string>("microTime"),
  json: scalar<unknown>("json"),
  /** Any JSON value, whose objects are merged key by key. */
  mergedJson: { type: "json", mergedByKey: true } as Scalar<unknown>,
} as const;

/** The TypeScript type of the values that a schema describes, as the API server answers them. */
export type Infer<S extends Schema> =
  S extends Scalar<infer T>
    ? T
    : S extends List<infer I>
      ? readonly Infer<I>[]
      : S extends StringMap<infer V>
        ? { readonly [key: string]: Infer<V> }
        : S extends Struct<infer F>
          ? InferFields<F>
          : never;

type AlwaysThere<F extends Fields> = {
  [K in keyof F]: F[K]["options"] extends
    | { readonly required: true }
    | { readonly present: true }
    | { readonly default: unknown }
    ? K
    : never;
}[keyof F];

type InferFields<F extends Fields> = {
  readonly [K in AlwaysThere<F>]: Infer<F[K]["schema"]>;
} & {
  readonly [K in Exclude<keyof F, AlwaysThere<F>>]?: Infer<F[K]["schema"]> | undefined;
};

/** What a writer may leave out of a `T`: anything. The API server fills in or refuses. */
export type Draft<T> = T extends string | number | bigint | boolean | null | undefined
  ? T
  : T extends readonly (infer I)[]
    ? readonly Draft<I>[]
    : T extends object
      ? { readonly [K in keyof T]?: Draft<T[K]> | undefined }
      : T;
