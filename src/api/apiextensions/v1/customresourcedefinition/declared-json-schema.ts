import type { JsonSchema } from "../../../structural/json-schema.ts";

/** A schema as a definition may hold it before it was found to be structural: with all that JSON Schema has. */
export interface DeclaredJsonSchema extends Omit<JsonSchema, Nested> {
  readonly id?: string | undefined;
  readonly $schema?: string | undefined;
  readonly $ref?: string | undefined;
  readonly items?: DeclaredJsonSchema | readonly DeclaredJsonSchema[] | undefined;
  readonly properties?: SchemasByName | undefined;
  readonly additionalProperties?: DeclaredJsonSchema | boolean | undefined;
  readonly allOf?: readonly DeclaredJsonSchema[] | undefined;
  readonly anyOf?: readonly DeclaredJsonSchema[] | undefined;
  readonly oneOf?: readonly DeclaredJsonSchema[] | undefined;
  readonly not?: DeclaredJsonSchema | undefined;
  readonly additionalItems?: DeclaredJsonSchema | boolean | undefined;
  readonly patternProperties?: SchemasByName | undefined;
  readonly definitions?: SchemasByName | undefined;
  /** Undefined for one that is neither. */
  readonly dependencies?: Readonly<Record<string, DeclaredJsonSchema | readonly string[] | undefined>> | undefined;
  readonly externalDocs?: unknown;
  readonly example?: unknown;
}

type Nested = "items" | "properties" | "additionalProperties" | "allOf" | "anyOf" | "oneOf" | "not";
type SchemasByName = Readonly<Record<string, DeclaredJsonSchema>>;

/** Returns whether items have several schemas, by their places. */
export function isListOfSchemas(items: DeclaredJsonSchema["items"]): items is readonly DeclaredJsonSchema[] {
  return Array.isArray(items);
}

/** Returns the schema of all items; `undefined` where there is none, or one for each place. */
export function itemsSchema({ items }: DeclaredJsonSchema): DeclaredJsonSchema | undefined {
  return isListOfSchemas(items) ? undefined : items;
}

/** Returns the schemas in a schema. */
function schemasIn(schema: DeclaredJsonSchema): readonly DeclaredJsonSchema[] {
  const { items, additionalProperties, additionalItems, not } = schema;
  const single = [additionalProperties, additionalItems, not, ...(isListOfSchemas(items) ? items : [items])];
  return [
    ...single.filter((one) => typeof one === "object"),
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...Object.values(schema.properties ?? {}),
    ...Object.values(schema.patternProperties ?? {}),
    ...Object.values(schema.definitions ?? {}),
    ...Object.values(schema.dependencies ?? {}).filter(
      (one): one is DeclaredJsonSchema => one !== undefined && !Array.isArray(one),
    ),
  ];
}

/** Returns whether a schema, or one in it, is as asked for. */
export function someSchema(schema: DeclaredJsonSchema, is: (schema: DeclaredJsonSchema) => boolean): boolean {
  return is(schema) || schemasIn(schema).some((inner) => someSchema(inner, is));
}

/** What JSON Schema has and structural schemas do not, with upstream's refusals. */
export const UNSUPPORTED: readonly (readonly [name: keyof DeclaredJsonSchema, detail: string])[] = [
  ["id", "id is not supported"],
  ["additionalItems", "additionalItems is not supported"],
  ["patternProperties", "patternProperties is not supported"],
  ["definitions", "definitions is not supported"],
  ["dependencies", "dependencies is not supported"],
  ["$ref", "$ref is not supported"],
];

/** Returns whether a schema uses only what structural schemas have. Whether it is structural is another question. */
export function isStructurallyWritten(schema: DeclaredJsonSchema): schema is JsonSchema & DeclaredJsonSchema {
  return !someSchema(
    schema,
    (one) => isListOfSchemas(one.items) || UNSUPPORTED.some(([name]) => hasUnsupported(one, name)),
  );
}

/** Returns whether a schema says something by a field that structural schemas do not have. Empty objects of names say nothing. */
export function hasUnsupported(schema: DeclaredJsonSchema, name: keyof DeclaredJsonSchema): boolean {
  const value = schema[name];
  if (value === undefined || value === "") return false;
  const saysNothing = name === "patternProperties" || name === "definitions";
  return !saysNothing || Object.keys(value as object).length > 0;
}
