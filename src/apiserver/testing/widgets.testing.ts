import { defineKind } from "@fairlead/api/kind";
import { objectMetaSchema } from "@fairlead/api/meta/v1/object-meta";
import { typeMeta } from "@fairlead/api/meta/v1/type-meta";
import { convertEach, type ResourceDefinition } from "@fairlead/api/resource-definition";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Infer } from "@fairlead/api/schema";
import { field, list, struct, t } from "@fairlead/api/schema";

const metadata = field(1, objectMetaSchema, "Metadata.", { present: true });

const specV1 = struct("com.example.v1.WidgetSpec", "A widget, with a flat color.", {
  size: field(1, t.int32, "How many.", { default: 1 }),
  color: field(2, t.string, "Its color."),
  tags: field(3, list(t.string, { listType: "set" }), "Its tags."),
});
const widgetSchemaV1 = struct("com.example.v1.Widget", "A widget.", {
  ...typeMeta,
  metadata,
  spec: field(2, specV1, "What is wanted.", { present: true }),
});
export type WidgetV1 = Infer<typeof widgetSchemaV1>;

const lookSchema = struct("com.example.v2.Look", "Color and pattern.", {
  color: field(1, t.string, "Its color."),
  pattern: field(2, t.string, "Its pattern, which version 1 does not know."),
});
const specV2 = struct("com.example.v2.WidgetSpec", "A widget, with a look.", {
  replicas: field(1, t.int32, "How many.", { default: 1 }),
  look: field(2, lookSchema, "Color and pattern."),
  tags: field(3, list(t.string, { listType: "set" }), "Its tags."),
});
const widgetSchemaV2 = struct("com.example.v2.Widget", "A widget.", {
  ...typeMeta,
  metadata,
  spec: field(2, specV2, "What is wanted.", { present: true }),
});
export type WidgetV2 = Infer<typeof widgetSchemaV2>;

const names = { group: "example.com", kind: "Widget", plural: "widgets", namespaced: true } as const;

export const widgetKindV1 = defineKind<WidgetV1>({
  ...names,
  version: "v1",
  schema: widgetSchemaV1,
  selectableFields: { "spec.color": ({ spec }) => spec.color ?? "" },
});

export const widgetKindV2 = defineKind<WidgetV2>({
  ...names,
  version: "v2",
  schema: widgetSchemaV2,
  hasGeneration: true,
  selectableFields: { "spec.look.color": ({ spec }) => spec.look?.color ?? "" },
});

/** The annotation in which version 1 carries what it has no field for. */
const PATTERN = "example.com/pattern";

function toV2({ metadata: given, spec, ...rest }: WidgetV1): WidgetV2 {
  const { [PATTERN]: pattern, ...annotations } = given.annotations ?? {};
  const look = { ...(spec.color !== undefined && { color: spec.color }), ...(pattern !== undefined && { pattern }) };
  return {
    ...rest,
    apiVersion: "example.com/v2",
    metadata: withAnnotations(given, annotations),
    spec: {
      replicas: spec.size,
      ...(Object.keys(look).length > 0 && { look }),
      ...(spec.tags !== undefined && { tags: spec.tags }),
    },
  };
}

function toV1({ metadata: given, spec, ...rest }: WidgetV2): WidgetV1 {
  const { color, pattern } = spec.look ?? {};
  const annotations = { ...given.annotations, ...(pattern !== undefined && { [PATTERN]: pattern }) };
  return {
    ...rest,
    apiVersion: "example.com/v1",
    metadata: withAnnotations(given, annotations),
    spec: {
      size: spec.replicas,
      ...(color !== undefined && { color }),
      ...(spec.tags !== undefined && { tags: spec.tags }),
    },
  };
}

function withAnnotations(
  { annotations: _, ...given }: KubeObject["metadata"],
  annotations: Readonly<Record<string, string>>,
): KubeObject["metadata"] {
  return Object.keys(annotations).length === 0 ? given : { ...given, annotations };
}

const conversion = convertEach<WidgetV1, WidgetV2>({ toStorage: toV2, fromStorage: toV1 });

/** A resource in two versions, whose conversion takes as long as a webhook's: it never answers at once. */
export const widgets: ResourceDefinition = {
  storage: widgetKindV2,
  versions: [
    { kind: widgetKindV2 },
    {
      kind: widgetKindV1,
      conversion: {
        toStorage: (objects) => later().then(() => conversion.toStorage(objects)),
        fromStorage: (objects) => later().then(() => conversion.fromStorage(objects)),
      },
    },
  ],
};

function later(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
