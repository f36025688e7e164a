import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapType,
  STRING,
  TIMESTAMP,
} from "../../cel/type.ts";
import { ownValue } from "../../own-property.ts";
import type { JsonSchema } from "../json-schema.ts";
import { escapedName } from "./escape-name.ts";

/** A type of values of a schema, and how large they may be. */
export interface SizedType {
  readonly type: CelType;
  /** Most characters, bytes, items or entries. 0 for what has none. */
  readonly maxElements: number;
  /** Fewest bytes of a value as JSON. */
  readonly minBytes: number;
  /** Of the items of a list, or the values of a map. */
  readonly items?: SizedType;
  /** Of the fields of an object, by the names that expressions have for them. */
  readonly fields?: ReadonlyMap<string, SizedType>;
}

/** Upstream's largest request, in bytes. */
export const REQUEST_MAX = 3 * 1024 * 1024;
const TEXT_MIN = 2;
const TIME_TEXT_MAX = 32;
const DATE_TEXT = 12;

/**
 * Returns the type of the values of a schema; `undefined` for values that expressions do not see.
 *
 * @param isObject - Whether it is the schema of an object of the API, whose type and name are always there.
 * Source: `SchemaDeclType` of k8s.io/apiserver/pkg/cel/common/schemas.go.
 */
export function sizedType(schema: JsonSchema, isObject: boolean): SizedType | undefined {
  if (schema["x-kubernetes-int-or-string"] === true) {
    return { type: DYN, maxElements: textMax(schema, REQUEST_MAX - 2), minBytes: 1 };
  }
  const { type } = isObject ? { type: "object" } : schema;
  switch (type) {
    case "array":
      return listType(schema);
    case "object":
      return isMap(schema) ? mapOf(schema) : objectOf(isObject ? withObjectFields(schema) : schema);
    case "string":
      return textType(schema);
    case "boolean":
      return { type: BOOL, maxElements: 0, minBytes: 4 };
    case "number":
      return { type: DOUBLE, maxElements: 0, minBytes: 1 };
    case "integer":
      return { type: INT, maxElements: 0, minBytes: 1 };
    default:
      return undefined;
  }
}

function isEmbedded(schema: JsonSchema): boolean {
  return schema["x-kubernetes-embedded-resource"] === true;
}

function isMap({ additionalProperties }: JsonSchema): boolean {
  return typeof additionalProperties === "object";
}

function atLeastZero(value: number): number {
  return Math.max(0, value);
}

/** A character of a text may take four bytes. */
function textMax({ maxLength }: JsonSchema, otherwise: number): number {
  return maxLength === undefined ? otherwise : atLeastZero(Number(maxLength)) * 4;
}

function listType({ items, maxItems }: JsonSchema): SizedType | undefined {
  const inner = items === undefined ? undefined : sizedType(items, isEmbedded(items));
  if (inner === undefined) return undefined;
  const most = Math.floor((REQUEST_MAX - 2) / (inner.minBytes + 1));
  return {
    type: listOf(inner.type),
    maxElements: maxItems === undefined ? most : atLeastZero(Number(maxItems)),
    minBytes: 2,
    items: inner,
  };
}

function mapOf({ additionalProperties, maxProperties }: JsonSchema): SizedType | undefined {
  if (typeof additionalProperties !== "object") return undefined;
  const inner = sizedType(additionalProperties, isEmbedded(additionalProperties));
  if (inner === undefined) return undefined;
  const most = Math.floor((REQUEST_MAX - 2) / (inner.minBytes + 6));
  return {
    type: mapType(STRING, inner.type),
    maxElements: maxProperties === undefined ? most : atLeastZero(Number(maxProperties)),
    minBytes: 2,
    items: inner,
  };
}

function objectOf({ properties = {}, required = [] }: JsonSchema): SizedType {
  const fields = new Map<string, SizedType>();
  let minBytes = 2;
  for (const [name, property] of Object.entries(properties)) {
    const inner = sizedType(property, isEmbedded(property));
    if (inner === undefined) continue;
    const escaped = escapedName(name);
    if (escaped !== undefined) fields.set(escaped, inner);
    const isWritten = required.includes(name) && (property.default ?? null) === null;
    if (isWritten) minBytes += name.length + inner.minBytes + 4;
  }
  const types = new Map([...fields].map(([name, field]) => [name, field.type]));
  return { type: { kind: "object", name: "object", fields: types }, maxElements: 0, minBytes, fields };
}

function textType(schema: JsonSchema): SizedType {
  const { format = "", maxLength, enum: values = [] } = schema;
  switch (format) {
    case "byte":
      return {
        type: BYTES,
        maxElements: maxLength === undefined ? REQUEST_MAX - 2 : atLeastZero(Number(maxLength)),
        minBytes: TEXT_MIN,
      };
    case "duration":
      return { type: DURATION, maxElements: TIME_TEXT_MAX, minBytes: 3 };
    case "date":
      return { type: TIMESTAMP, maxElements: DATE_TEXT, minBytes: DATE_TEXT };
    case "date-time":
      return { type: TIMESTAMP, maxElements: TIME_TEXT_MAX, minBytes: 21 };
    default: {
      const longest =
        values.length === 0
          ? REQUEST_MAX - 2
          : Math.max(...values.map((value) => (typeof value === "string" ? Buffer.byteLength(value) : 0)));
      return { type: STRING, maxElements: textMax(schema, longest), minBytes: TEXT_MIN };
    }
  }
}

const TEXT: JsonSchema = { type: "string" };

/** What every object of the API has, as expressions see it. */
export function withObjectFields(schema: JsonSchema): JsonSchema {
  const metadata: JsonSchema = { type: "object", properties: { name: TEXT, generateName: TEXT } };
  const { additionalProperties: _, ...kept } = schema;
  const declared = ownValue(schema.properties, "metadata");
  const ownMetadata = {
    ...metadata,
    properties: { ...metadata.properties, ...declared?.properties },
  };
  return {
    ...kept,
    type: "object",
    properties: { ...schema.properties, kind: TEXT, apiVersion: TEXT, metadata: ownMetadata },
  };
}

/**
 * Returns a type with names for the objects in it, by where they are: two objects are of the same type if they are at the same
 * place.
 */
export function withNames({ type }: SizedType, name = "selfType"): CelType {
  return named(type, name);
}

function named(type: CelType, name: string): CelType {
  switch (type.kind) {
    case "list":
      return listOf(named(type.items, `${name}.@idx`));
    case "map":
      return mapType(type.keys, named(type.values, `${name}.@elem`));
    case "object": {
      const fields = [...type.fields].map(([field, inner]) => [field, named(inner, `${name}.${field}`)] as const);
      return { ...type, name, fields: new Map(fields) };
    }
    default:
      return type;
  }
}

/** Returns what a path from a value leads to: names of fields, `@items`, `@values`, `@keys`. */
export function typeAt(type: SizedType, path: readonly string[]): SizedType | undefined {
  let current: SizedType | undefined = type;
  for (const step of path) {
    if (step === "@items" || step === "@values") current = current?.items;
    else if (step === "@keys") current = current?.type.kind === "map" ? KEY : undefined;
    else current = current?.fields?.get(step);
  }
  return current;
}

/** Keys of a map are texts of any length. */
const KEY: SizedType = { type: STRING, maxElements: 0, minBytes: TEXT_MIN };
