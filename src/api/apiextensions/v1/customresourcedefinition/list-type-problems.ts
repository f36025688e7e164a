import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalid, notSupported, required } from "../../../field-error.ts";
import { ownValue } from "../../../own-property.ts";
import { type DeclaredJsonSchema, isListOfSchemas, itemsSchema } from "./declared-json-schema.ts";

const LIST_TYPES = ["atomic", "set", "map"];

/** What is accepted of lists because it was accepted before. */
export interface ListTolerance {
  /** Lists of type set whose items are merged. */
  readonly mergedSetItems?: boolean;
  /** Keys of lists that may be missing or null. */
  readonly weakKeys?: boolean;
}

/** Returns what is wrong with how a list is merged. */
export function listTypeProblems(
  schema: DeclaredJsonSchema,
  path: string,
  tolerance: ListTolerance,
): readonly FieldError[] {
  const { "x-kubernetes-list-type": listType } = schema;
  return [
    ...typeProblems(schema, path),
    ...(tolerance.mergedSetItems === true || schema.type !== "array" ? [] : setItemProblems(schema, path)),
    ...(listType === undefined || LIST_TYPES.includes(listType)
      ? []
      : [notSupported(`${path}.x-kubernetes-list-type`, listType, LIST_TYPES)]),
    ...keyProblems(schema, path),
    ...(listType === "map" ? mapProblems(schema, path) : []),
    ...(tolerance.weakKeys === true ? [] : weakKeyProblems(schema, path)),
  ];
}

function typeProblems(schema: DeclaredJsonSchema, at: string): readonly FieldError[] {
  const { "x-kubernetes-list-type": listType, type = "" } = schema;
  if (listType === undefined || type === "array") return [];
  const path = `${at}.type`;
  const detail = "must be array if x-kubernetes-list-type is specified";
  return [type === "" ? required(path, detail) : invalid(path, type, detail)];
}

/** Returns why the items of a list of type `set` are merged, which the items of a set cannot be. */
export function setItemProblems(schema: DeclaredJsonSchema, path: string): readonly FieldError[] {
  const items = itemsSchema(schema);
  if (schema["x-kubernetes-list-type"] !== "set" || items === undefined) return [];
  const { type, "x-kubernetes-list-type": listType, "x-kubernetes-map-type": mapType } = items;
  const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
  if (type === "array" && listType !== undefined && listType !== "atomic") {
    return [invalid(`${path}.items.x-kubernetes-list-type`, listType, detail)];
  }
  // As upstream, which shows the type of the list here.
  if (type === "object" && mapType !== "atomic") {
    return [invalid(`${path}.items.x-kubernetes-map-type`, listType, detail)];
  }
  return [];
}

function keyProblems(schema: DeclaredJsonSchema, at: string): readonly FieldError[] {
  const { "x-kubernetes-list-type": listType, "x-kubernetes-list-map-keys": keys = [] } = schema;
  if (keys.length === 0 || listType === "map") return [];
  const path = `${at}.x-kubernetes-list-type`;
  const detail = "must be map if x-kubernetes-list-map-keys is non-empty";
  return [listType === undefined ? required(path, detail) : invalid(path, listType, detail)];
}

function mapProblems(schema: DeclaredJsonSchema, path: string): readonly FieldError[] {
  const { "x-kubernetes-list-map-keys": keys = [], items } = schema;
  const single = itemsSchema(schema);
  return [
    ...(keys.length === 0
      ? [required(`${path}.x-kubernetes-list-map-keys`, "must not be empty if x-kubernetes-list-type is map")]
      : []),
    ...(items === undefined ? [required(`${path}.items`, "must have a schema if x-kubernetes-list-type is map")] : []),
    ...(isListOfSchemas(items)
      ? [invalid(`${path}.items`, items, "must only have a single schema if x-kubernetes-list-type is map")]
      : []),
    ...(single !== undefined && single.type !== "object"
      ? [
          invalid(
            `${path}.items.type`,
            single.type ?? "",
            "must be object if parent array's x-kubernetes-list-type is map",
          ),
        ]
      : []),
    ...(single?.type === "object" ? keysOfItems(single, keys, path) : []),
  ];
}

function keysOfItems(items: DeclaredJsonSchema, keys: readonly string[], path: string): readonly FieldError[] {
  const at = `${path}.x-kubernetes-list-map-keys`;
  return keys.flatMap((key, index) => {
    const property = ownValue(items.properties, key);
    const isScalar = property?.type !== "array" && property?.type !== "object";
    return [
      ...(property === undefined ? [invalid(at, keys, "entries must all be names of item properties")] : []),
      ...(isScalar
        ? []
        : [
            // As upstream, which shows the type of the item here.
            invalid(
              `${path}.items.properties[${key}].type`,
              items.type,
              "must be a scalar type if parent array's x-kubernetes-list-type is map",
            ),
          ]),
      ...(keys.indexOf(key) < index ? [invalid(at, keys, "must not contain duplicate entries")] : []),
    ];
  });
}

/** Returns which items of a list may be null, and which of their keys missing or null, so that they cannot be distinguished. */
export function weakKeyProblems(schema: DeclaredJsonSchema, path: string): readonly FieldError[] {
  const { "x-kubernetes-list-type": listType, "x-kubernetes-list-map-keys": keys = [] } = schema;
  const items = itemsSchema(schema);
  if (items === undefined || (listType !== "set" && listType !== "map")) return [];
  const problems: FieldError[] = [];
  if (items.nullable === true) {
    const detail = `cannot be nullable when x-kubernetes-list-type is ${listType}`;
    problems.push(forbidden(`${path}.items.nullable`, detail));
  }
  if (listType === "set") return problems;
  for (const key of keys) {
    const property = ownValue(items.properties, key);
    if (property === undefined) continue;
    const at = `${path}.items.properties[${key}]`;
    const why = "this property is in x-kubernetes-list-map-keys, so it";
    if (!(items.required ?? []).includes(key) && (property.default ?? null) === null) {
      problems.push(required(`${at}.default`, `${why} must have a default or be a required property`));
    }
    if (property.nullable === true) problems.push(forbidden(`${at}.nullable`, `${why} cannot be nullable`));
  }
  return problems;
}
