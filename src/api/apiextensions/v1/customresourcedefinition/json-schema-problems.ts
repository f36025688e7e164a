import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalid, notSupported, required } from "../../../field-error.ts";
import { OBJECT_FIELDS } from "../../../structural/json-schema.ts";
import type { DeclaredJsonSchema } from "./declared-json-schema.ts";
import { hasUnsupported, isListOfSchemas, UNSUPPORTED } from "./declared-json-schema.ts";
import { type ListTolerance, listTypeProblems } from "./list-type-problems.ts";
import { ruleProblems } from "./rule-problems.ts";

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];

/** What is accepted of a schema because it was accepted before. */
export interface SchemaTolerance extends ListTolerance {
  /** Types that JSON does not have. */
  readonly anyType?: boolean;
}

interface Place {
  readonly path: string;
  readonly isRoot: boolean;
  /** Whether the schema is about `metadata`, `kind` or `apiVersion`. */
  readonly isInMeta: boolean;
  /** Why no default may be given. Absent: one may. */
  readonly forbidsDefault?: string;
  readonly tolerance: SchemaTolerance;
}

/**
 * Returns what is wrong with the schema of a definition, besides what makes it not structural. In upstream's words; where
 * upstream's order is random, in the schema's.
 *
 * Source: `ValidateCustomResourceDefinitionOpenAPISchema` of upstream's pkg/apis/apiextensions/validation.
 */
export function jsonSchemaProblems(
  schema: DeclaredJsonSchema,
  path: string,
  tolerance: SchemaTolerance,
): readonly FieldError[] {
  return problemsAt(schema, { path, isRoot: true, isInMeta: false, tolerance });
}

function problemsAt(schema: DeclaredJsonSchema, place: Place): readonly FieldError[] {
  const { path, tolerance } = place;
  return [
    ...ownProblems(schema, place),
    ...(schema.uniqueItems === true
      ? [
          forbidden(
            `${path}.uniqueItems`,
            "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
          ),
        ]
      : []),
    ...additionalProblems(schema, place),
    ...propertyProblems(schema, place),
    ...junctionProblems(schema, place),
    ...itemProblems(schema, place),
    ...(schema["x-kubernetes-preserve-unknown-fields"] === false
      ? [invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, "must be true or undefined")]
      : []),
    ...mapTypeProblems(schema, path),
    ...listTypeProblems(schema, path, tolerance),
    ...ruleProblems(schema, path),
  ];
}

/** What is wrong with the schema alone. */
function ownProblems(schema: DeclaredJsonSchema, place: Place): readonly FieldError[] {
  const { path, isInMeta, forbidsDefault, tolerance } = place;
  const { type = "", items } = schema;
  const isKnown = type === "" || tolerance.anyType === true || TYPES.includes(type);
  return [
    ...(isKnown ? [] : [notSupported(`${path}.type`, type, TYPES)]),
    ...((schema.default ?? null) !== null && forbidsDefault !== undefined
      ? [forbidden(`${path}.default`, `must not be set ${forbidsDefault}`)]
      : []),
    ...UNSUPPORTED.filter(([name]) => hasUnsupported(schema, name)).map(([name, detail]) =>
      forbidden(`${path}.${name}`, detail),
    ),
    ...(type === "null"
      ? [forbidden(`${path}.type`, "type cannot be set to null, use nullable as an alternative")]
      : []),
    ...(isListOfSchemas(items) ? [forbidden(`${path}.items`, "items must be a schema object and not an array")] : []),
    ...(isInMeta && schema["x-kubernetes-embedded-resource"] === true
      ? [forbidden(`${path}.x-kubernetes-embedded-resource`, "must not be used inside of resource meta")]
      : []),
  ];
}

function additionalProblems(schema: DeclaredJsonSchema, place: Place): readonly FieldError[] {
  const { additionalProperties, properties = {} } = schema;
  if (additionalProperties === undefined) return [];
  const path = `${place.path}.additionalProperties`;
  const excludes = Object.keys(properties).length > 0 && additionalProperties !== true;
  const forbidsDefault = place.isInMeta
    ? "inside additionalProperties applying to object metadata"
    : place.forbidsDefault;
  return [
    ...(excludes ? [forbidden(path, "additionalProperties and properties are mutual exclusive")] : []),
    ...(typeof additionalProperties === "object"
      ? problemsAt(additionalProperties, below(place, path, forbidsDefault))
      : []),
  ];
}

/** A place in the schema at `place`. */
function below(place: Place, path: string, forbidsDefault = place.forbidsDefault): Place {
  return { ...place, path, isRoot: false, ...(forbidsDefault !== undefined && { forbidsDefault }) };
}

function propertyProblems(schema: DeclaredJsonSchema, place: Place): readonly FieldError[] {
  const isObject = place.isRoot || schema["x-kubernetes-embedded-resource"] === true;
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = `${place.path}.properties[${name}]`;
    if (!isObject || !OBJECT_FIELDS.has(name)) return problemsAt(property, below(place, path));
    const forbidsDefault = place.isRoot ? `in top-level ${name}` : place.forbidsDefault;
    return problemsAt(property, { ...below(place, path, forbidsDefault), isInMeta: true });
  });
}

function junctionProblems(schema: DeclaredJsonSchema, place: Place): readonly FieldError[] {
  const at = (inner: DeclaredJsonSchema, name: string) => problemsAt(inner, below(place, `${place.path}.${name}`));
  const { not, definitions = {}, dependencies = {} } = schema;
  return [
    ...(not === undefined ? [] : at(not, "not")),
    ...(["allOf", "oneOf", "anyOf"] as const).flatMap((junction) =>
      (schema[junction] ?? []).flatMap((one, index) => at(one, `${junction}[${index}]`)),
    ),
    ...Object.entries(definitions).flatMap(([name, one]) => at(one, `definitions[${name}]`)),
    ...Object.entries(dependencies).flatMap(([name, one]) =>
      one === undefined || isNames(one) ? [] : at(one, `dependencies[${name}]`),
    ),
  ];
}

function isNames(dependency: DeclaredJsonSchema | readonly string[]): dependency is readonly string[] {
  return Array.isArray(dependency);
}

function itemProblems(schema: DeclaredJsonSchema, place: Place): readonly FieldError[] {
  const { items } = schema;
  if (items === undefined) return [];
  const path = `${place.path}.items`;
  if (!isListOfSchemas(items)) return problemsAt(items, below(place, path));
  return items.flatMap((one, index) => problemsAt(one, below(place, `${path}[${index}]`)));
}

function mapTypeProblems(schema: DeclaredJsonSchema, at: string): readonly FieldError[] {
  const { "x-kubernetes-map-type": mapType, type = "" } = schema;
  if (mapType === undefined) return [];
  const path = `${at}.type`;
  const detail = "must be object if x-kubernetes-map-type is specified";
  const wrongType = type === "" ? required(path, detail) : invalid(path, type, detail);
  const names = ["atomic", "granular"];
  return [
    ...(type === "object" ? [] : [wrongType]),
    ...(names.includes(mapType) ? [] : [notSupported(`${at}.x-kubernetes-map-type`, mapType, names)]),
  ];
}

/** Returns whether a type is one that a schema may have. */
export function isJsonType({ type = "" }: DeclaredJsonSchema): boolean {
  return type === "" || TYPES.includes(type);
}
