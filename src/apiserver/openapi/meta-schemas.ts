import type { JsonSchema, JsonSchemas } from "./json-schema.ts";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
const RAW = "io.k8s.apimachinery.pkg.runtime.RawExtension";

/** The body of a PATCH. */
export const PATCH = `${META}.Patch`;
/** Answer of a request that returns no object. */
export const STATUS = `${META}.Status`;
/** One line of a watch. */
export const WATCH_EVENT = `${META}.WatchEvent`;
/** Resources of a group and version. */
export const RESOURCE_LIST = `${META}.APIResourceList`;

const text = (description: string): JsonSchema => ({ description, type: "string" });
const texts = (description: string): JsonSchema => ({ ...list(description, { type: "string", default: "" }) });
const list = (description: string, items: JsonSchema): JsonSchema => ({
  description,
  type: "array",
  items,
  "x-kubernetes-list-type": "atomic",
});
const named = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const object = (description: string, properties: JsonSchemas, required: readonly string[] = []): JsonSchema => ({
  description,
  type: "object",
  ...(required.length > 0 && { required }),
  properties,
});

const typeMeta = {
  apiVersion: text("Group and version of the kind."),
  kind: text("What kind of object this is."),
};

/** Schemas of operations that no kind contains. They refer to ListMeta, which must be among the components. */
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
  [STATUS]: object("The outcome of a request that does not answer an object.", {
    ...typeMeta,
    code: { description: "HTTP status code.", type: "integer", format: "int32" },
    details: { description: "Data about the reason.", allOf: [named(`${META}.StatusDetails`)] },
    message: text("Description of the outcome for people."),
    metadata: { description: "Metadata of a list.", allOf: [named(`${META}.ListMeta`)], default: {} },
    reason: text("Why the request failed, in one word for programs."),
    status: text("Success or Failure."),
  }),
  [`${META}.StatusDetails`]: object("Data about the reason of a Status.", {
    causes: list("What each of the problems is.", { allOf: [named(`${META}.StatusCause`)], default: {} }),
    group: text("Group of the resource."),
    kind: text("Resource that the request was about."),
    name: text("Name of the object that the request was about."),
    retryAfterSeconds: {
      description: "Seconds to wait before the request is tried again.",
      type: "integer",
      format: "int32",
    },
    uid: text("UID of the object."),
  }),
  [`${META}.StatusCause`]: object("One problem of a request.", {
    field: text("Path of the field that has the problem."),
    message: text("Description of the problem for people."),
    reason: text("What is wrong, in one word for programs."),
  }),
  [RESOURCE_LIST]: object(
    "The resources of one group and version.",
    {
      ...typeMeta,
      groupVersion: { ...text("Group and version of the resources."), default: "" },
      resources: list("Names of the resources, and whether they are namespaced.", {
        allOf: [named(`${META}.APIResource`)],
        default: {},
      }),
    },
    ["groupVersion", "resources"],
  ),
  [`${META}.APIResource`]: object(
    "One resource or subresource.",
    {
      categories: texts("Groups of resources that it belongs to, such as all."),
      group: text("Group of its kind, where it is not that of the list."),
      kind: { ...text("Kind of its objects."), default: "" },
      name: { ...text("Plural name."), default: "" },
      namespaced: { description: "Whether its objects are in namespaces.", type: "boolean", default: false },
      shortNames: texts("Short names for people."),
      singularName: { ...text("Singular name."), default: "" },
      storageVersionHash: text("Hash of the version in which it is stored."),
      verbs: { description: "What may be done.", type: "array", items: { type: "string", default: "" } },
      version: text("Version of its kind, where it is not that of the list."),
    },
    ["name", "singularName", "namespaced", "kind", "verbs"],
  ),
};
