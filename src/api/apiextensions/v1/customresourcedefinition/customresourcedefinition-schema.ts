import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, struct, t } from "../../../schema.ts";
import { conversionSchema } from "./conversion.ts";
import type { DeclaredJsonSchema } from "./declared-json-schema.ts";
import { jsonSchemaPropsSchema } from "./json-schema-props.ts";
import { PACKAGE } from "./package.ts";

const namesSchema = struct(`${PACKAGE}.CustomResourceDefinitionNames`, "Names of a resource.", {
  plural: field(1, t.string, "Name in paths, lower case.", { required: true }),
  singular: field(2, t.string, "Name of one object, lower case. Default: kind in lower case."),
  shortNames: field(3, list(t.string), "Further names for command lines."),
  kind: field(4, t.string, "Kind of the objects, in CamelCase.", { required: true }),
  listKind: field(5, t.string, "Kind of a list of them. Default: kind and List."),
  categories: field(6, list(t.string), "Groups of resources that hold it: all."),
});

const validationSchema = struct(`${PACKAGE}.CustomResourceValidation`, "What objects of a version look like.", {
  openAPIV3Schema: field(1, jsonSchemaPropsSchema, "Schema of the objects."),
});

const statusSubresourceSchema = struct(
  `${PACKAGE}.CustomResourceSubresourceStatus`,
  "Marks that status has a path of its own.",
  {},
);

const scaleSubresourceSchema = struct(`${PACKAGE}.CustomResourceSubresourceScale`, "Where the number of replicas is.", {
  specReplicasPath: field(1, t.string, "Path of the number that is wanted: .spec.replicas", { required: true }),
  statusReplicasPath: field(2, t.string, "Path of the number that is there: .status.replicas", { required: true }),
  labelSelectorPath: field(3, t.string, "Path of the selector of the pods, as text.", { keepEmpty: true }),
});

const subresourcesSchema = struct(`${PACKAGE}.CustomResourceSubresources`, "Subresources of a version.", {
  status: field(1, statusSubresourceSchema, "Status has a path of its own."),
  scale: field(2, scaleSubresourceSchema, "The number of replicas has a path of its own."),
});

const columnSchema = struct(`${PACKAGE}.CustomResourceColumnDefinition`, "A column that kubectl get prints.", {
  name: field(1, t.string, "Heading.", { required: true }),
  type: field(2, t.string, "integer, number, string, boolean or date.", { required: true }),
  format: field(3, t.string, "Format of the type; name marks the column that identifies the row."),
  description: field(4, t.string, "What the column shows."),
  priority: field(5, t.int32, "0 is always printed, others with -o wide."),
  jsonPath: field(6, t.string, "Path of the value in an object: .spec.replicas", { required: true }),
});

const selectableFieldSchema = struct(`${PACKAGE}.SelectableField`, "A field that field selectors may name.", {
  jsonPath: field(1, t.string, "Path of the field: .spec.color", { required: true }),
});

const versionSchema = struct(`${PACKAGE}.CustomResourceDefinitionVersion`, "A version of the resource.", {
  name: field(1, t.string, "Name of the version: v1", { required: true }),
  served: field(2, t.bool, "Whether the API server serves it.", { required: true }),
  storage: field(3, t.bool, "Whether objects are stored in it. Exactly one version is.", { required: true }),
  schema: field(4, validationSchema, "What objects look like."),
  subresources: field(5, subresourcesSchema, "Subresources."),
  additionalPrinterColumns: field(6, list(columnSchema), "Columns that kubectl get prints. Default: the age."),
  deprecated: field(7, t.bool, "Whether clients are warned."),
  deprecationWarning: field(8, t.string, "What clients are warned with.", { keepEmpty: true }),
  selectableFields: field(9, list(selectableFieldSchema), "Fields that field selectors may name."),
});

const specSchema = struct(`${PACKAGE}.CustomResourceDefinitionSpec`, "What is wanted of a resource.", {
  group: field(1, t.string, "Group of the resource.", { required: true }),
  names: field(3, namesSchema, "Names.", { required: true }),
  scope: field(4, t.string, "Namespaced or Cluster.", { required: true }),
  versions: field(7, list(versionSchema), "Versions.", { required: true }),
  conversion: field(9, conversionSchema, "How objects are converted between versions.", {
    default: { strategy: "None" },
  }),
  preserveUnknownFields: field(10, t.bool, "Has to be false: schemas say what is kept."),
});

const conditionSchema = struct(
  `${PACKAGE}.CustomResourceDefinitionCondition`,
  "Something that holds of the resource.",
  {
    type: field(1, t.string, "NamesAccepted, Established, Terminating, ...", { required: true }),
    status: field(2, t.string, "True, False or Unknown.", { required: true }),
    lastTransitionTime: field(3, t.time, "When the status last changed."),
    reason: field(4, t.string, "One word, in CamelCase, for programs."),
    message: field(5, t.string, "A sentence for people."),
    observedGeneration: field(6, t.int64, "Generation of the definition that it is about."),
  },
);

const statusSchema = struct(`${PACKAGE}.CustomResourceDefinitionStatus`, "What the API server made of a definition.", {
  conditions: field(1, list(conditionSchema, { listType: "map", mapKeys: ["type"] }), "What holds of the resource.", {
    present: true,
  }),
  acceptedNames: field(2, namesSchema, "Names under which it is served.", { present: true }),
  storedVersions: field(3, list(t.string), "Versions in which objects may be stored.", { present: true }),
  observedGeneration: field(4, t.int64, "Generation of the definition that was last looked at."),
});

/** The schema of `CustomResourceDefinition`. */
export const customResourceDefinitionSchema = struct(
  `${PACKAGE}.CustomResourceDefinition`,
  "A resource that the API server serves from now on.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, specSchema, "What is wanted.", { required: true }),
    status: field(3, statusSchema, "What was made of it.", { present: true }),
  },
);
export type CustomResourceDefinition = Infer<typeof customResourceDefinitionSchema>;
export type CustomResourceDefinitionSpec = Infer<typeof specSchema>;
export type CustomResourceDefinitionVersion = Infer<typeof versionSchema>;
export type CustomResourceDefinitionNames = Infer<typeof namesSchema>;
export type CustomResourceDefinitionCondition = Infer<typeof conditionSchema>;
export type CustomResourceColumnDefinition = Infer<typeof columnSchema>;
export type CustomResourceSubresources = Infer<typeof subresourcesSchema>;

/** Returns the schema of a version's objects, also one that is not structural. */
export function schemaOfVersion({ schema }: CustomResourceDefinitionVersion): DeclaredJsonSchema | undefined {
  // The fields of a schema that contains itself are not known to the compiler.
  return schema?.openAPIV3Schema as DeclaredJsonSchema | undefined;
}
