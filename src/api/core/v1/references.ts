import type { Infer } from "../../schema.ts";
import { field, struct, t } from "../../schema.ts";

export const objectReferenceSchema = struct(
  "io.k8s.api.core.v1.ObjectReference",
  "",
  {
    kind: field(1, t.string, ""),
    namespace: field(2, t.string, ""),
    name: field(3, t.string, ""),
    uid: field(4, t.string, ""),
    apiVersion: field(5, t.string, ""),
    resourceVersion: field(6, t.string, ""),
    fieldPath: field(7, t.string, ""),
  },
  { atomic: true },
);
export type ObjectReference = Infer<typeof objectReferenceSchema>;

export const localObjectReferenceSchema = struct(
  "io.k8s.api.core.v1.LocalObjectReference",
  "",
  {
    name: field(1, t.string, ""),
  },
  { atomic: true },
);
export type LocalObjectReference = Infer<typeof localObjectReferenceSchema>;

export const secretReferenceSchema = struct(
  "io.k8s.api.core.v1.SecretReference",
  "",
  {
    name: field(1, t.string, ""),
    namespace: field(2, t.string, ""),
  },
  { atomic: true },
);
export type SecretReference = Infer<typeof secretReferenceSchema>;

export const typedLocalObjectReferenceSchema = struct(
  "io.k8s.api.core.v1.TypedLocalObjectReference",
  "",
  {
    apiGroup: field(1, t.string, "", { keepEmpty: true }),
    kind: field(2, t.string, "", { required: true }),
    name: field(3, t.string, "", { required: true }),
  },
  { atomic: true },
);
export type TypedLocalObjectReference = Infer<typeof typedLocalObjectReferenceSchema>;

export const typedObjectReferenceSchema = struct("io.k8s.api.core.v1.TypedObjectReference", "", {
  apiGroup: field(1, t.string, "", { keepEmpty: true }),
  kind: field(2, t.string, "", { required: true }),
  name: field(3, t.string, "", { required: true }),
  namespace: field(4, t.string, "", { keepEmpty: true }),
});
export type TypedObjectReference = Infer<typeof typedObjectReferenceSchema>;
