import type { JsonSchema, JsonSchemas } from "./json-schema.ts";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
const RAW = "io.k8s.apimachinery.pkg.runtime.RawExtension";

/** The body of a PATCH. */
export const PATCH = `${META}.Patch`;
/** One line of a watch. */
export const WATCH_EVENT = `${META}.WatchEvent`;
const text = (description: string): JsonSchema => ({ description, type: "string" });
const named = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const object = (description: string, properties: JsonSchemas, required: readonly string[] = []): JsonSchema => ({
  description,
  type: "object",
  ...(required.length > 0 && { required }),
  properties,
});

/** Schemas of operations that are of no struct. */
export const metaSchemas: JsonSchemas = {
  [PATCH]: { description: "The body of a PATCH request; its form depends on the media type.", type: "object" },
  [RAW]: { description: "Any object.", type: "object" },
  [WATCH_EVENT]: object(
    "One change of an object that is watched.",
    {
      type: { ...text("ADDED, MODIFIED, DELETED, BOOKMARK or ERROR."), default: "" },
      object: { description: "The object after the change; for ERROR a Status.", allOf: [named(RAW)] },
    },
    ["type", "object"],
  ),
};
