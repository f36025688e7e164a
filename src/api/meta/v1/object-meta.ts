import type { Infer } from "../../schema.ts";
import { field, list, map, struct, t } from "../../schema.ts";

export const managedFieldsEntrySchema = struct(
  "io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry",
  "The fields that one manager has set.",
  {
    manager: field(1, t.string, "Who set them."),
    operation: field(2, t.string, "How: Apply or Update."),
    apiVersion: field(3, t.string, "API version that the fields are written in."),
    time: field(4, t.time, "When they were last changed."),
    fieldsType: field(6, t.string, "Format of fieldsV1."),
    fieldsV1: field(7, t.json, "The fields."),
    subresource: field(8, t.string, "Part of the object they were written through."),
  },
);
export type ManagedFieldsEntry = Infer<typeof managedFieldsEntrySchema>;

export const ownerReferenceSchema = struct(
  "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference",
  "An object that this one belongs to, and goes with.",
  {
    apiVersion: field(5, t.string, "API version of the owner.", { required: true }),
    kind: field(1, t.string, "Kind of the owner.", { required: true }),
    name: field(3, t.string, "Name of the owner.", { required: true }),
    uid: field(4, t.string, "Unique identity of the owner.", { required: true }),
    controller: field(6, t.bool, "Whether the owner looks after this object.", { keepEmpty: true }),
    blockOwnerDeletion: field(
      7,
      t.bool,
      "Whether the owner waits for this object when it is deleted in the foreground.",
      { keepEmpty: true },
    ),
  },
  { atomic: true },
);
export type OwnerReference = Infer<typeof ownerReferenceSchema>;

export const objectMetaSchema = struct("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", "What all objects have.", {
  name: field(1, t.string, "Name, unique among objects of its kind in the namespace.", { present: true }),
  generateName: field(2, t.string, "Beginning of a name that the server completes."),
  namespace: field(3, t.string, "Namespace that the object is in."),
  selfLink: field(4, t.string, "No longer used."),
  uid: field(5, t.string, "Unique identity, never used again.", { present: true }),
  resourceVersion: field(6, t.string, "Version of the object, for comparing only.", { present: true }),
  generation: field(7, t.int64, "Goes up whenever what is wanted changes."),
  creationTimestamp: field(
    8,
    t.time,
    "CreationTimestamp is a timestamp of the moment at which the server created the object.",
    { present: true },
  ),
  deletionTimestamp: field(9, t.time, "When the object is to be gone, once it was deleted."),
  deletionGracePeriodSeconds: field(10, t.int64, "How long it may take to end, in seconds.", { keepEmpty: true }),
  labels: field(11, map(t.string), "Short texts by which objects are selected."),
  annotations: field(12, map(t.string), "Further texts, for people and programs."),
  ownerReferences: field(
    13,
    list(ownerReferenceSchema, { listType: "map", mapKeys: ["uid"], mergeKey: "uid", patchStrategy: "merge" }),
    "Objects that this one belongs to.",
  ),
  finalizers: field(
    14,
    list(t.string, { listType: "set", patchStrategy: "merge" }),
    "Who has to do something before the object is gone.",
  ),
  managedFields: field(17, list(managedFieldsEntrySchema), "Who has set which fields.", { keepEmpty: true }),
});
export type ObjectMeta = Infer<typeof objectMetaSchema>;
