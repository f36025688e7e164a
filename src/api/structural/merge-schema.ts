import { objectMetaSchema } from "../meta/v1/object-meta.ts";
import { type Field, field, type List, list, map, type Schema, type Struct, struct, t } from "../schema.ts";
import { type JsonSchema, OBJECT_FIELDS } from "./json-schema.ts";

/** Custom resources have no protobuf form. */
const NO_NUMBER = 0;

/**
 * Returns the rules by which server-side apply merges objects of a structural schema: which fields there are, which are owned as
 * a whole, and what identifies the items of a list.
 *
 * @param name - Of the struct, as upstream names the type: `com.example.v1.Widget`.
 *
 * Source: `SchemaFromOpenAPI` of kube-openapi's pkg/schemaconv/openapi.go, and upstream's controller/openapi/builder of
 * apiextensions-apiserver for what every object has.
 */
export function mergeSchema(name: string, schema: JsonSchema): Struct {
  return objectOf(
    { ...schema, "x-kubernetes-embedded-resource": true },
    placeOf(schema, { name, keepsUnknown: false }),
  );
}

interface Place {
  readonly name: string;
  /** Whether a schema above keeps unknown fields. Source: upstream's converter passes it on to everything below. */
  readonly keepsUnknown: boolean;
}

function placeOf(schema: JsonSchema, { name, keepsUnknown }: Place): Place {
  return { name, keepsUnknown: keepsUnknown || schema["x-kubernetes-preserve-unknown-fields"] === true };
}

function schemaOf(schema: JsonSchema, above: Place): Schema {
  const place = placeOf(schema, above);
  switch (schema["x-kubernetes-int-or-string"] === true ? undefined : schema.type) {
    case "object":
      return isMap(schema) ? mapOf(schema, place) : objectOf(schema, place);
    case "array":
      return listOf(schema, place);
    case "string":
      return t.string;
    case "boolean":
      return t.bool;
    case "integer":
      return t.int64;
    case "number":
      return t.double;
    default:
      return t.mergedJson;
  }
}

function isMap({ properties, "x-kubernetes-embedded-resource": isEmbedded }: JsonSchema): boolean {
  return isEmbedded !== true && Object.keys(properties ?? {}).length === 0;
}

function isAtomic(schema: JsonSchema): { readonly atomic?: boolean } {
  return schema["x-kubernetes-map-type"] === "atomic" ? { atomic: true } : {};
}

function mapOf(schema: JsonSchema, place: Place): Schema {
  const { additionalProperties } = schema;
  if (additionalProperties === false) return objectOf(schema, place);
  const values = typeof additionalProperties === "object" ? schemaOf(additionalProperties, place) : t.mergedJson;
  return map(values, isAtomic(schema));
}

function objectOf(schema: JsonSchema, place: Place): Struct {
  const { properties = {}, description = "", additionalProperties } = schema;
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  const own = Object.entries(properties)
    .filter(([name]) => !isEmbedded || !OBJECT_FIELDS.has(name))
    .map(([name, inner]) => [name, fieldOf(inner, place)] as const);
  const fields = Object.fromEntries([...(isEmbedded ? everyObject : []), ...own]);
  const others = typeof additionalProperties === "object" ? schemaOf(additionalProperties, place) : t.mergedJson;
  const hasOthers = additionalProperties === undefined ? place.keepsUnknown : additionalProperties !== false;
  return struct(place.name, description, fields, { ...isAtomic(schema), ...(hasOthers && { otherFields: others }) });
}

const everyObject: readonly (readonly [string, Field])[] = [
  ["apiVersion", field(NO_NUMBER, t.string, "Group and version of the object.")],
  ["kind", field(NO_NUMBER, t.string, "Kind of the object.")],
  [
    "metadata",
    field(
      NO_NUMBER,
      objectMetaSchema,
      "Standard object's metadata: name, labels, annotations and what the server sets.",
    ),
  ],
];

function fieldOf(schema: JsonSchema, place: Place): Field {
  const options = schema.default === undefined ? {} : { default: schema.default };
  return field(NO_NUMBER, schemaOf(schema, place), schema.description ?? "", options);
}

function listOf(schema: JsonSchema, place: Place): List {
  const { items, "x-kubernetes-list-type": type, "x-kubernetes-list-map-keys": mapKeys = [] } = schema;
  const inner = items === undefined ? t.json : schemaOf(items, place);
  if (type === "map") return list(inner, { listType: type, mapKeys });
  return list(inner, type === "set" ? { listType: type } : {});
}
