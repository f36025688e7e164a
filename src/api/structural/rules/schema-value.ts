import { durationOfText } from "../../cel/functions/conversions.ts";
import { parseTime } from "../../cel/functions/time.ts";
import { type CelMap, type CelValue, isCelMap, KeyedList, mapOf, Uint } from "../../cel/value.ts";
import { isJsonNumber } from "../../codec/json-number.ts";
import { ownValue } from "../../own-property.ts";
import { isJsonObject, type JsonObject } from "../../patch/json-object.ts";
import type { JsonSchema } from "../json-schema.ts";
import { escapedName } from "./escape-name.ts";
import { withObjectFields } from "./sized-type.ts";

/**
 * Returns a JSON value as expressions see it: its numbers and texts as their schema says.
 *
 * @param isObject - Whether it is an object of the API.
 * Source: `UnstructuredToVal` of k8s.io/apiserver/pkg/cel/common/values.go.
 */
export function schemaValue(schema: JsonSchema, value: unknown, isObject: boolean): CelValue {
  if (value === null || value === undefined) return null;
  if (schema["x-kubernetes-int-or-string"] === true) return freeValue(value);
  if (isObject && isJsonObject(value)) return objectValue(withObjectFields(schema), value);
  switch (schema.type) {
    case "array":
      return Array.isArray(value) ? listValue(schema, value) : freeValue(value);
    case "object":
      if (!isJsonObject(value)) return freeValue(value);
      return typeof schema.additionalProperties === "object"
        ? mapValue(schema.additionalProperties, value)
        : objectValue(schema, value);
    case "string":
      return typeof value === "string" ? textValue(schema.format, value) : freeValue(value);
    case "number":
      return typeof value === "number" || typeof value === "bigint" || isJsonNumber(value)
        ? Number(value)
        : freeValue(value);
    default:
      return freeValue(value);
  }
}

function listValue(schema: JsonSchema, list: readonly unknown[]): CelValue {
  const { items = {}, "x-kubernetes-list-type": type, "x-kubernetes-list-map-keys": keys = [] } = schema;
  const isObject = items["x-kubernetes-embedded-resource"] === true;
  const values = list.map((item) => schemaValue(items, item, isObject));
  if (type === "set") return KeyedList.keyed(values, scalarText);
  if (type !== "map") return values;
  const names = keys.map((key) => escapedName(key) ?? key);
  return KeyedList.keyed(values, (item) =>
    JSON.stringify(names.map((name) => (isCelMap(item) ? scalarText(item.get(name) ?? null) : ""))),
  );
}

/** Returns a text that is the same for equal scalars of one type. */
function scalarText(value: CelValue): string {
  const { value: inner } = value instanceof Uint ? value : { value };
  return `${typeof inner} ${String(inner)}`;
}

function mapValue(schema: JsonSchema, object: JsonObject): CelMap {
  const isObject = schema["x-kubernetes-embedded-resource"] === true;
  return mapOf(Object.entries(object).map(([key, value]) => [key, schemaValue(schema, value, isObject)] as const));
}

/** Fields are converted when they are read: most are not. A field that is null is not there. */
function objectValue(schema: JsonSchema, object: JsonObject): CelMap {
  const names = new Map<string, string>();
  const hidden = new Map<string, unknown>();
  for (const [name, value] of Object.entries(object)) {
    const isDeclared = ownValue(schema.properties, name) !== undefined;
    const escaped = escapedName(name);
    if (!isDeclared || escaped === undefined) hidden.set(name, value);
    else if (value !== null) names.set(escaped, name);
  }
  const read = new Map<string, CelValue>();
  return {
    isMap: true,
    isObject: true,
    size: Object.keys(object).length,
    hidden,
    keys: () => [...names.keys()],
    get(key) {
      const name = typeof key === "string" ? names.get(key) : undefined;
      if (name === undefined || typeof key !== "string") return undefined;
      const known = read.get(key);
      if (known !== undefined) return known;
      const property = ownValue(schema.properties, name) ?? {};
      const value = schemaValue(property, object[name], property["x-kubernetes-embedded-resource"] === true);
      read.set(key, value);
      return value;
    },
  };
}

function textValue(format: string | undefined, text: string): CelValue {
  switch (format) {
    case "byte":
      return new Uint8Array(Buffer.from(text, "base64"));
    case "duration":
      return durationOfText(text);
    case "date":
    case "date-time": {
      return parseTime(format === "date" ? `${text}T00:00:00Z` : text) ?? text;
    }
    default:
      return text;
  }
}

/** Returns a value that the schema does not describe. */
function freeValue(value: unknown): CelValue {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (isJsonNumber(value)) return Number(value);
  if (Array.isArray(value)) return value.map(freeValue);
  if (!isJsonObject(value)) return value as CelValue;
  return mapOf(Object.entries(value).map(([key, inner]) => [key, freeValue(inner)] as const));
}
