import type { Either, Field, List, Schema, StringMap, Struct } from "../schema.ts";
import { decodeScalar } from "./decode-scalar.ts";
import { goType, jsonType } from "./go-type.ts";
import { isJsonNumber } from "./json-number.ts";
import { isOmitted, isZero } from "./omit.ts";

/** The outcome of decoding one JSON value. */
export type DecodedValue =
  | {
      readonly value: unknown;
      /** Paths of fields that the schema does not know, in the order they were met: `spec.containers[0].foo`. At most 100. */
      readonly unknownFields: readonly string[];
    }
  /** The first thing that does not fit, in upstream's words. */
  | { readonly error: string };

/** Where the walk is, and what it has met. */
interface Walk {
  readonly path: Step[];
  readonly unknownFields: string[];
}

type Step =
  | { readonly type: "field"; readonly name: string; readonly struct: Struct }
  | { readonly type: "key"; readonly key: string }
  | { readonly type: "index"; readonly index: number };

/** Most unknown fields that are reported; upstream's limit of warnings. */
const UNKNOWN_FIELDS_MAX = 100;

/** Ends the walk at the first misfit. Caught in {@link decodeValue}; never leaves this file. */
class Misfit extends Error {
  override readonly name = "Misfit";
}

/**
 * Checks a parsed JSON value against a schema and gives it in stored form: unknown fields dropped and named, `null`
 * and empty optional fields left out, constant defaults filled in, quantities and times canonical.
 */
export function decodeValue(schema: Schema, json: unknown): DecodedValue {
  const walk: Walk = { path: [], unknownFields: [] };
  try {
    return { value: decode(schema, json, walk), unknownFields: walk.unknownFields };
  } catch (error) {
    if (error instanceof Misfit) return { error: error.message };
    throw error;
  }
}

function decode(schema: Schema, json: unknown, walk: Walk): unknown {
  switch (schema.type) {
    case "struct":
      return decodeStruct(schema, json, walk);
    case "list":
      return decodeList(schema, json, walk);
    case "map":
      return decodeMap(schema, json, walk);
    default: {
      if (schema.either !== undefined) return decodeEither(schema.either, json);
      const decoded = decodeScalar(schema, json, jsonType(json));
      if ("mismatch" in decoded) throw misfit(decoded.mismatch, schema, walk);
      if ("error" in decoded) throw new Misfit(decoded.error);
      return decoded.value;
    }
  }
}

function decodeStruct(struct: Struct, json: unknown, walk: Walk): Record<string, unknown> {
  if (!isObject(json)) throw misfit(jsonType(json), struct, walk);
  const out: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(json)) {
    const field = Object.hasOwn(struct.fields, name) ? struct.fields[name] : undefined;
    if (field === undefined) {
      if (walk.unknownFields.length < UNKNOWN_FIELDS_MAX) walk.unknownFields.push(join(pathOf(walk), name));
      continue;
    }
    if (inner === null) continue;
    walk.path.push({ type: "field", name, struct });
    const value = decode(field.schema, inner, walk);
    walk.path.pop();
    if (!isOmitted(field, value)) out[name] = value;
  }
  fillDefaults(struct, out);
  return out;
}

/**
 * Fills in constant defaults, and the zero value of fields that are always there. Validation decides whether a zero is
 * acceptable. The default replaces an explicit zero too, except where upstream's field is a pointer (`keepEmpty`).
 */
function fillDefaults(struct: Struct, out: Record<string, unknown>): void {
  for (const [name, field] of defaultedFields(struct)) {
    const value = out[name];
    const isSet = value !== undefined && (field.options.keepEmpty === true || !isZero(field.schema, value));
    if (isSet) continue;
    out[name] = field.options.default ?? zeroOf(field.schema);
  }
}

const defaultedOf = new WeakMap<Struct, readonly (readonly [string, Field])[]>();

function defaultedFields(struct: Struct): readonly (readonly [string, Field])[] {
  let found = defaultedOf.get(struct);
  if (found === undefined) {
    found = Object.entries(struct.fields).filter(([, field]) => isAlwaysThere(field));
    defaultedOf.set(struct, found);
  }
  return found;
}

/**
 * Times have no zero value, and `kind`, `apiVersion` and the text fields of metadata are for the server to fill in. What
 * is required and a pointer upstream stays absent, for validation to refuse.
 */
function isAlwaysThere({ options, schema }: Field): boolean {
  if (options.default !== undefined || options.filled === true) return true;
  if (schema.type === "time" || schema.type === "microTime") return false;
  if (options.required === true && options.keepEmpty === true) return false;
  return (
    options.required === true || (options.present === true && (schema.type === "struct" || schema.type === "list"))
  );
}

function decodeList(list: List, json: unknown, walk: Walk): unknown[] {
  if (!Array.isArray(json)) throw misfit(jsonType(json), list, walk);
  return json.map((item, index) => {
    walk.path.push({ type: "index", index });
    const value = item === null ? zeroOf(list.items) : decode(list.items, item, walk);
    walk.path.pop();
    return value;
  });
}

function decodeMap(map: StringMap, json: unknown, walk: Walk): Record<string, unknown> {
  if (!isObject(json)) throw misfit(jsonType(json), map, walk);
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(json)) {
    walk.path.push({ type: "key", key });
    const value = inner === null ? zeroOf(map.values) : decode(map.values, inner, walk);
    walk.path.pop();
    // An own property even for the key `__proto__`.
    Object.defineProperty(out, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return out;
}

/** Upstream's messages about what is inside begin at the value, not at the root of the object. */
function decodeEither({ object, other, refusal }: Either, json: unknown): unknown {
  const walk: Walk = { path: [], unknownFields: [] };
  if (isObject(json)) return decodeStruct(object.schema, json, walk);
  const isOther = other.schema.type === "list" ? Array.isArray(json) : typeof json === "boolean";
  if (isOther) return decode(other.schema, json, walk);
  if (refusal !== undefined) throw new Misfit(refusal);
  return undefined;
}

/** What upstream makes of a `null` inside a list or map: Go's zero value. */
function zeroOf(schema: Schema): unknown {
  switch (schema.type) {
    case "struct":
      return decodeStruct(schema, {}, { path: [], unknownFields: [] });
    case "list":
      return [];
    case "map":
      return {};
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "double":
    case "intOrString":
      return 0;
    case "quantity":
      return "0";
    case "json":
      return null;
    default:
      return "";
  }
}

/** Upstream names the innermost struct, and the path without indices and map keys. */
function misfit(shown: string, schema: Schema, walk: Walk): Misfit {
  const fields = walk.path.filter((step) => step.type === "field");
  const innermost = fields.at(-1);
  const into =
    innermost === undefined
      ? "Go value"
      : `Go struct field ${innermost.struct.name.split(".").at(-1)}.${fields.map((f) => f.name).join(".")}`;
  return new Misfit(`json: cannot unmarshal ${shown} into ${into} of type ${goType(schema)}`);
}

function pathOf(walk: Walk): string {
  let path = "";
  for (const step of walk.path) {
    if (step.type === "index") path += `[${step.index}]`;
    else path = join(path, step.type === "field" ? step.name : step.key);
  }
  return path;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isJsonNumber(value);
}
