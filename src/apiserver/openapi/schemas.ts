import { type Kind, listKindOf } from "@fairlead/api/kind";
import { deleteOptionsSchema } from "@fairlead/api/meta/v1/delete-options";
import { apiResourceListSchema } from "@fairlead/api/meta/v1/discovery";
import { listMetaSchema } from "@fairlead/api/meta/v1/list-meta";
import { objectMetaSchema } from "@fairlead/api/meta/v1/object-meta";
import { statusSchema } from "@fairlead/api/meta/v1/status";
import { typeMeta } from "@fairlead/api/meta/v1/type-meta";
import type { Field, List, Scalar, Schema, Struct } from "@fairlead/api/schema";
import { type OpenApiForm, publishedSchema } from "./custom-schema.ts";
import type { JsonSchema, JsonSchemas } from "./json-schema.ts";
import { metaSchemas } from "./meta-schemas.ts";
import { scalarTypes, typeNames } from "./scalar-types.ts";

const PREFIX = "#/components/schemas/";
const GVK = "x-kubernetes-group-version-kind";

/**
 * The schemas of some kinds, their lists and everything they are made of, by upstream's names. In OpenAPI 3's form.
 *
 * @param form - For which version of OpenAPI custom resources are described. Default v3.
 */
export function componentSchemas(kinds: readonly Kind[], form: OpenApiForm = "v3"): JsonSchemas {
  const found: Record<string, JsonSchema> = {};
  for (const kind of kinds) {
    if (kind.publishedSchema === undefined) addRoot(kind.schema, gvk(kind), found);
    else addCustom(kind, publishedSchema(kind.publishedSchema, { form, everyObject: everyObject(found) }), found);
    for (const { schema, group = kind.group, version = kind.version, kind: name } of kind.subresources) {
      if (schema !== undefined) addRoot(schema, { group, version, kind: name }, found);
    }
    if (kind.verbs.includes("list")) found[listName(kind)] = listSchema(kind, found);
  }
  addStruct(deleteOptionsSchema, found);
  addStruct(statusSchema, found);
  addStruct(apiResourceListSchema, found);
  Object.assign(found, metaSchemas);
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Group, version and kind, as the extension of that name holds them. */
export function gvk({ group, version, kind }: Pick<Kind, "group" | "version" | "kind">) {
  return { group, version, kind };
}

/** `io.k8s.api.core.v1.PodList` */
export function listName(kind: Kind): string {
  return kind.schema.name.replace(/[^.]*$/, listKindOf(kind));
}

/** A reference to a schema by its name. */
export function ref(name: string): JsonSchema {
  return { $ref: `${PREFIX}${name}` };
}

function listSchema(kind: Kind, found: Record<string, JsonSchema>): JsonSchema {
  addStruct(listMetaSchema, found);
  const { apiVersion, kind: kindField } = found[kind.schema.name]?.properties ?? {};
  return {
    description: `A list of ${kind.kind} objects.`,
    type: "object",
    required: ["items"],
    properties: {
      ...(apiVersion !== undefined && { apiVersion }),
      items: { description: "The objects.", type: "array", items: { allOf: [ref(kind.schema.name)], default: {} } },
      ...(kindField !== undefined && { kind: kindField }),
      metadata: { description: "Metadata of the list.", allOf: [ref(listMetaSchema.name)], default: {} },
    },
    [GVK]: [{ ...gvk(kind), kind: listKindOf(kind) }],
  };
}

/** `apiVersion`, `kind` and `metadata`, as custom resources have them. */
function everyObject(found: Record<string, JsonSchema>): JsonSchemas {
  addStruct(objectMetaSchema, found);
  const metadata = {
    allOf: [ref(objectMetaSchema.name)],
    default: {},
    description: "Standard object's metadata: name, labels, annotations and what the server sets.",
  };
  return {
    apiVersion: property(typeMeta.apiVersion, found),
    kind: property(typeMeta.kind, found),
    metadata,
  };
}

function addCustom(kind: Kind, schema: JsonSchema, found: Record<string, JsonSchema>): void {
  const selectable = Object.keys(kind.selectableFields).map((fieldPath) => ({ fieldPath }));
  found[kind.schema.name] = {
    ...schema,
    [GVK]: [gvk(kind)],
    ...(selectable.length > 0 && { "x-kubernetes-selectable-fields": selectable }),
  };
}

/** A struct that is an object of its own, of the given kind. */
function addRoot(struct: Struct, kind: ReturnType<typeof gvk>, found: Record<string, JsonSchema>): void {
  addStruct(struct, found);
  found[struct.name] = { ...found[struct.name], [GVK]: [kind] };
}

function addStruct(struct: Struct, found: Record<string, JsonSchema>): void {
  if (found[struct.name] !== undefined) return;
  const entries = Object.entries(struct.fields).sort(([a], [b]) => (a < b ? -1 : 1));
  const required = entries.filter(([, { options }]) => options.required === true).map(([name]) => name);
  // Before its fields: a struct may contain itself.
  found[struct.name] = {};
  found[struct.name] = {
    description: struct.description,
    type: "object",
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(entries.map(([name, field]) => [name, property(field, found)])),
    ...(struct.atomic === true && { "x-kubernetes-map-type": "atomic" }),
  };
}

function property(field: Field, found: Record<string, JsonSchema>): JsonSchema {
  const { schema, description, options } = field;
  const value = valueSchema(schema, found);
  const described = {
    ...(description !== "" && { description }),
    ...(options.default !== undefined && { default: options.default }),
    ...(options.patchStrategy !== undefined && { "x-kubernetes-patch-strategy": options.patchStrategy }),
  };
  // Beside a reference nothing else is looked at: it is wrapped.
  return value.$ref === undefined ? { ...value, ...described } : { allOf: [value], ...described };
}

function valueSchema(schema: Schema, found: Record<string, JsonSchema>): JsonSchema {
  switch (schema.type) {
    case "struct":
      addStruct(schema, found);
      return ref(schema.name);
    case "list":
      return { type: "array", items: itemSchema(schema, found), ...mergeExtensions(schema) };
    case "map":
      return {
        type: "object",
        additionalProperties: valueSchema(schema.values, found),
        ...(schema.atomic === true && { "x-kubernetes-map-type": "atomic" }),
      };
    default:
      return scalarSchema(schema, found);
  }
}

function itemSchema({ items }: List, found: Record<string, JsonSchema>): JsonSchema {
  const schema = valueSchema(items, found);
  return items.type === "struct" ? { allOf: [schema], default: {} } : schema;
}

function mergeExtensions({ listType, mapKeys, mergeKey, patchStrategy }: List) {
  return {
    ...(mapKeys !== undefined && { "x-kubernetes-list-map-keys": mapKeys }),
    ...(listType !== undefined && { "x-kubernetes-list-type": listType }),
    ...(mergeKey !== undefined && { "x-kubernetes-patch-merge-key": mergeKey }),
    ...(patchStrategy !== undefined && { "x-kubernetes-patch-strategy": patchStrategy }),
  };
}

function scalarSchema({ type, values, named }: Scalar, found: Record<string, JsonSchema>): JsonSchema {
  if (named !== undefined) {
    found[named.name] = { description: named.description };
    return ref(named.name);
  }
  const name = typeNames[type];
  if (name === undefined) return { ...scalarTypes[type], ...(values !== undefined && { enum: values }) };
  found[name] = scalarTypes[type];
  return ref(name);
}
