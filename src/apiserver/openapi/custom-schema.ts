import type { JsonSchema as StructuralSchema } from "@fairlead/api/structural/json-schema";
import type { JsonSchema, JsonSchemas } from "./json-schema.ts";

/** The version of OpenAPI that a schema is written in. Version 2 has no junctions and no null. */
export type OpenApiForm = "v2" | "v3";

/** How a custom resource's schema is written. */
export interface PublishedForm {
  readonly form: OpenApiForm;
  /** `apiVersion`, `kind` and `metadata`, as every object has them. */
  readonly everyObject: JsonSchemas;
}

/** Fields of a schema that hold schemas, or are not published. */
const TREATED: ReadonlySet<string> = new Set([
  ...["properties", "items", "additionalProperties", "allOf", "anyOf", "oneOf", "not", "nullable", "required"],
  ...["id", "$schema", "$ref", "externalDocs", "example", "dependencies", "definitions", "patternProperties"],
]);

/**
 * Returns the published schema of a custom resource, or of a part of it.
 *
 * Source: upstream's pkg/controller/openapi/builder, and pkg/controller/openapi/v2 for what kubectl cannot read in version 2.
 */
export function publishedSchema(schema: StructuralSchema, published: PublishedForm): JsonSchema {
  const isFree = schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (published.form === "v2" && isFree) return { type: "object" };
  return withObjectFields(partSchema(schema, published), published);
}

function partSchema(schema: StructuralSchema, published: PublishedForm): JsonSchema {
  const { form } = published;
  const plain = Object.fromEntries(
    Object.entries(schema).filter(([name, value]) => !TREATED.has(name) && value !== undefined && value !== false),
  );
  const isFree = schema["x-kubernetes-preserve-unknown-fields"] === true;
  // kubectl takes what version 2 says of such values for all that they may be.
  const isOpen = form === "v2" && (schema.nullable === true || isFree);
  const parts = isOpen ? { ...additional(schema, published) } : innerSchemas(schema, published);
  const isUntyped = form === "v2" && (isOpen || (schema.type === "array" && schema.items === undefined));
  const { type, ...untyped } = plain;
  const required = requiredNames(schema, form);
  const own: JsonSchema = {
    ...(isUntyped ? untyped : plain),
    ...(form === "v3" && schema.nullable === true && { nullable: true }),
    ...(required.length > 0 && { required }),
    ...parts,
    ...(form === "v3" && junctions(schema, published)),
  };
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true && !isOpen;
  return isEmbedded ? withRequired(withObjectFields(own, published), ["kind", "apiVersion"]) : own;
}

function innerSchemas(schema: StructuralSchema, published: PublishedForm): JsonSchema {
  const { properties, items } = schema;
  return {
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, inner]) => [name, partSchema(inner, published)]),
      ),
    }),
    ...(items !== undefined && { items: partSchema(items, published) }),
    ...additional(schema, published),
  };
}

function additional({ additionalProperties }: StructuralSchema, published: PublishedForm): JsonSchema {
  if (additionalProperties === undefined) return {};
  if (typeof additionalProperties === "object") {
    return { additionalProperties: partSchema(additionalProperties, published) };
  }
  return { additionalProperties };
}

/** In version 2, a field that may be null is not called required: kubectl takes null for a missing field. */
function requiredNames({ required = [], properties, additionalProperties }: StructuralSchema, form: OpenApiForm) {
  if (form === "v3") return required;
  if (typeof additionalProperties === "object" && additionalProperties.nullable === true) return [];
  return required.filter((name) => properties?.[name]?.nullable !== true);
}

function junctions({ allOf, anyOf, oneOf, not }: StructuralSchema, published: PublishedForm): JsonSchema {
  const all = (schemas: readonly StructuralSchema[] | undefined) => schemas?.map((one) => partSchema(one, published));
  return {
    ...(allOf !== undefined && { allOf: all(allOf) ?? [] }),
    ...(anyOf !== undefined && { anyOf: all(anyOf) ?? [] }),
    ...(oneOf !== undefined && { oneOf: all(oneOf) ?? [] }),
    ...(not !== undefined && { not: partSchema(not, published) }),
  };
}

function withObjectFields(schema: JsonSchema, { everyObject }: PublishedForm): JsonSchema {
  return { ...schema, properties: { ...schema.properties, ...everyObject } };
}

function withRequired(schema: JsonSchema, names: readonly string[]): JsonSchema {
  return { ...schema, required: [...new Set([...(schema.required ?? []), ...names])] };
}
