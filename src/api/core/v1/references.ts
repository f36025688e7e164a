import type { Infer } from "../../schema.ts";
import { field, struct, t } from "../../schema.ts";

export const objectReferenceSchema = struct(
  "io.k8s.api.core.v1.ObjectReference",
  "Names any object, or a part of one.",
  {
    kind: field(1, t.string, "Kind of the object."),
    namespace: field(2, t.string, "Namespace of the object."),
    name: field(3, t.string, "Name of the object."),
    uid: field(4, t.string, "Unique identity of the object."),
    apiVersion: field(5, t.string, "API version of the object."),
    resourceVersion: field(6, t.string, "Version of the object that is meant."),
    fieldPath: field(7, t.string, "Part of the object, for example spec.containers{nginx}."),
  },
  { atomic: true },
);
export type ObjectReference = Infer<typeof objectReferenceSchema>;

export const localObjectReferenceSchema = struct(
  "io.k8s.api.core.v1.LocalObjectReference",
  "Names an object in the same namespace.",
  {
    name: field(1, t.string, "Name of the object."),
  },
  { atomic: true },
);
export type LocalObjectReference = Infer<typeof localObjectReferenceSchema>;

export const secretReferenceSchema = struct(
  "io.k8s.api.core.v1.SecretReference",
  "Names a Secret.",
  {
    name: field(1, t.string, "Name of the Secret."),
    namespace: field(2, t.string, "Namespace of the Secret."),
  },
  { atomic: true },
);
export type SecretReference = Infer<typeof secretReferenceSchema>;

export const typedLocalObjectReferenceSchema = struct(
  "io.k8s.api.core.v1.TypedLocalObjectReference",
  "Names an object of any kind in the same namespace.",
  {
    apiGroup: field(1, t.string, "API group; empty for the core group.", { keepEmpty: true }),
    kind: field(2, t.string, "Kind of the object.", { required: true }),
    name: field(3, t.string, "Name of the object.", { required: true }),
  },
  { atomic: true },
);
export type TypedLocalObjectReference = Infer<typeof typedLocalObjectReferenceSchema>;

export const typedObjectReferenceSchema = struct(
  "io.k8s.api.core.v1.TypedObjectReference",
  "Names an object of any kind.",
  {
    apiGroup: field(1, t.string, "API group; empty for the core group.", { keepEmpty: true }),
    kind: field(2, t.string, "Kind of the object.", { required: true }),
    name: field(3, t.string, "Name of the object.", { required: true }),
    namespace: field(4, t.string, "Namespace of the object; the own one otherwise.", { keepEmpty: true }),
  },
);
export type TypedObjectReference = Infer<typeof typedObjectReferenceSchema>;
