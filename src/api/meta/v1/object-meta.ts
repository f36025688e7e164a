import type { Infer } from "../../schema.ts";
import { field, list, map, struct, t } from "../../schema.ts";

export const managedFieldsEntrySchema = struct("io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry", "", {
  manager: field(1, t.string, ""),
  operation: field(2, t.string, ""),
  apiVersion: field(3, t.string, ""),
  time: field(4, t.time, ""),
  fieldsType: field(6, t.string, ""),
  fieldsV1: field(7, t.json, ""),
  subresource: field(8, t.string, ""),
});
export type ManagedFieldsEntry = Infer<typeof managedFieldsEntrySchema>;

export const ownerReferenceSchema = struct(
  "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference",
  "",
  {
    apiVersion: field(5, t.string, "", { required: true }),
    kind: field(1, t.string, "", { required: true }),
    name: field(3, t.string, "", { required: true }),
    uid: field(4, t.string, "", { required: true }),
    controller: field(6, t.bool, "", { keepEmpty: true }),
    blockOwnerDeletion: field(7, t.bool, "", { keepEmpty: true }),
  },
  { atomic: true },
);
export type OwnerReference = Infer<typeof ownerReferenceSchema>;

export const objectMetaSchema = struct("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", "", {
  name: field(1, t.string, "", { present: true }),
  generateName: field(2, t.string, ""),
  namespace: field(3, t.string, ""),
  selfLink: field(4, t.string, ""),
  uid: field(5, t.string, "", { present: true }),
  resourceVersion: field(6, t.string, "", { present: true }),
  generation: field(7, t.int64, ""),
  creationTimestamp: field(8, t.time, "", { present: true }),
  deletionTimestamp: field(9, t.time, ""),
  deletionGracePeriodSeconds: field(10, t.int64, "", { keepEmpty: true }),
  labels: field(11, map(t.string), ""),
  annotations: field(12, map(t.string), ""),
  ownerReferences: field(
    13,
    list(ownerReferenceSchema, { listType: "map", mapKeys: ["uid"], mergeKey: "uid", patchStrategy: "merge" }),
    "",
  ),
  finalizers: field(14, list(t.string, { listType: "set", patchStrategy: "merge" }), ""),
  managedFields: field(17, list(managedFieldsEntrySchema), ""),
});
export type ObjectMeta = Infer<typeof objectMetaSchema>;
