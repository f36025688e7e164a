import { defineKind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { JsonSchema } from "@fairlead/api/structural/json-schema";
import { mergeSchema } from "@fairlead/api/structural/merge-schema";
import { structuralCodec } from "@fairlead/api/structural/structural-codec";
import { valueProblems } from "@fairlead/api/structural/validate-value";

const schema: JsonSchema = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        size: { type: "integer", minimum: 0, default: 1 },
        color: { type: "string" },
        free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        parts: {
          type: "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
          items: {
            type: "object",
            required: ["name"],
            properties: { name: { type: "string" }, count: { type: "integer" } },
          },
        },
      },
    },
    status: { type: "object", properties: { seen: { type: "integer" } } },
  },
};

export interface Gadget extends KubeObject {
  readonly spec?: {
    readonly size?: number;
    readonly color?: string;
    readonly free?: unknown;
    readonly parts?: readonly { readonly name: string; readonly count?: number }[];
  };
  readonly status?: { readonly seen?: number };
}

/** A kind with a structural schema, as a CustomResourceDefinition makes it. */
export const gadgetKind = defineKind<Gadget>({
  group: "example.com",
  version: "v1",
  kind: "Gadget",
  plural: "gadgets",
  namespaced: true,
  hasStatus: true,
  hasGeneration: true,
  schema: mergeSchema("com.example.v1.Gadget", schema),
  codec: structuralCodec(schema),
  // The schema has no patterns and no formats.
  validate: (object) => valueProblems(schema, object, { matches: () => false, fitsFormat: () => false }),
});
