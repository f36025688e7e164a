import type { DecodedValue } from "../codec/decode.ts";
import { decodeValue } from "../codec/decode.ts";
import { goType, jsonType } from "../codec/go-type.ts";
import type { FieldError } from "../field-error.ts";
import { invalid } from "../field-error.ts";
import { objectMetaSchema } from "../meta/v1/object-meta.ts";
import { ownValue, setOwn } from "../own-property.ts";
import { isJsonObject, type JsonObject } from "../patch/json-object.ts";
import { withDefaultValues, withoutForbiddenNulls } from "./default-values.ts";
import { type JsonSchema, OBJECT_FIELDS } from "./json-schema.ts";
import { pruned } from "./prune.ts";

/** The most unknown fields that are named; upstream's limit of warnings. */
const UNKNOWN_FIELDS_MAX = 100;

/**
 * Decodes the JSON of a custom resource: metadata is read as that of every object, fields that the schema does not know are
 * dropped and named, and defaults are filled in. Zero values stay: they say something. No deeper calls are made than the schema
 * is deep, whatever the depth of the value.
 *
 * Source: `unstructuredSchemaCoercer` and `unstructuredDefaulter` of upstream's pkg/apiserver/customresource_handler.go.
 */
export function decodeCustom(schema: JsonSchema, json: unknown): DecodedValue {
  if (!isJsonObject(json)) {
    return {
      error: `json: cannot unmarshal ${jsonType(json)} into Go value of type ${goType({ type: "map", values: { type: "json" } })}`,
    };
  }
  const metadata = decodedMetadata(json.metadata);
  if ("error" in metadata) return metadata;
  const { value, unknownFields } = pruned(schema, json, UNKNOWN_FIELDS_MAX);
  const embedded = withEmbedded(schema, withoutForbiddenNulls(schema, value));
  if ("error" in embedded) return embedded;
  const filled = withDefaultValues(schema, embedded.value) as JsonObject;
  return {
    value: json.metadata === undefined ? filled : { ...filled, metadata: metadata.value },
    unknownFields: [
      ...metadata.unknownFields.map((name) => `metadata.${name}`),
      ...unknownFields,
      ...embedded.unknownFields,
    ].slice(0, UNKNOWN_FIELDS_MAX),
  };
}

function decodedMetadata(json: unknown): DecodedValue {
  return decodeValue(objectMetaSchema, json ?? {});
}

/** Ends the walk at the first field of an embedded resource that is malformed. Caught in {@link withEmbedded}. */
class Malformed extends Error {
  override readonly name = "Malformed";
  readonly problem: FieldError;

  constructor(problem: FieldError) {
    super(`${problem.path}: ${problem.message}`);
    this.problem = problem;
  }
}

/** Reads the type and the metadata of embedded resources as those of every object. */
function withEmbedded(schema: JsonSchema, value: unknown): DecodedValue {
  const unknownFields: string[] = [];
  try {
    return { value: coerced(schema, value, "", unknownFields), unknownFields };
  } catch (error) {
    if (error instanceof Malformed) return { error: error.message };
    throw error;
  }
}

/** Returns what is malformed in the embedded resources of a value, with its path from the value. */
export function coercionProblem(schema: JsonSchema, value: unknown): FieldError | undefined {
  try {
    coerced(schema, value, "", []);
    return undefined;
  } catch (error) {
    if (error instanceof Malformed) return error.problem;
    throw error;
  }
}

function coerced(schema: JsonSchema | undefined, value: unknown, path: string, unknownFields: string[]): unknown {
  if (schema === undefined || !holdsEmbedded(schema)) return value;
  if (Array.isArray(value)) {
    return value.map((item, index) => coerced(schema.items, item, `${path}[${index}]`, unknownFields));
  }
  if (!isJsonObject(value)) return value;
  const { properties, additionalProperties } = schema;
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  const out: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const at = path === "" ? name : `${path}.${name}`;
    if (isEmbedded && OBJECT_FIELDS.has(name)) {
      setOwn(out, name, ofEveryObject(name, inner, at, unknownFields));
      continue;
    }
    const property = ownValue(properties, name);
    const below = property ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
    setOwn(out, name, coerced(below, inner, property === undefined ? `${path}[${name}]` : at, unknownFields));
  }
  return out;
}

function ofEveryObject(name: string, value: unknown, path: string, unknownFields: string[]): unknown {
  if (name !== "metadata") {
    if (typeof value === "string") return value;
    throw new Malformed(invalid(path, value, "must be a string"));
  }
  const decoded = decodedMetadata(value);
  if ("error" in decoded) throw new Malformed(invalid(path, value, decoded.error));
  unknownFields.push(...decoded.unknownFields.map((field) => `${path}.${field}`));
  return decoded.value;
}

const known = new WeakMap<JsonSchema, boolean>();

/** Whether a value of a schema may hold an embedded resource: most hold none, and need not be copied. */
function holdsEmbedded(schema: JsonSchema): boolean {
  const found = known.get(schema);
  if (found !== undefined) return found;
  const { items, properties = {}, additionalProperties } = schema;
  const below = [...Object.values(properties), items, additionalProperties].filter((one) => typeof one === "object");
  const holds = schema["x-kubernetes-embedded-resource"] === true || below.some(holdsEmbedded);
  known.set(schema, holds);
  return holds;
}
