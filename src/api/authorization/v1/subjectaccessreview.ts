import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import type { Infer } from "../../schema.ts";
import { field, list, map, struct, t } from "../../schema.ts";
import {
  nonResourceAttributesSchema,
  resourceAttributesSchema,
  subjectAccessReviewStatusSchema,
} from "./attributes.ts";

export const subjectAccessReviewSpecSchema = struct("io.k8s.api.authorization.v1.SubjectAccessReviewSpec", "", {
  resourceAttributes: field(1, resourceAttributesSchema, ""),
  nonResourceAttributes: field(2, nonResourceAttributesSchema, ""),
  user: field(3, t.string, ""),
  groups: field(4, list(t.string), ""),
  extra: field(5, map(list(t.string)), ""),
  uid: field(6, t.string, ""),
});
export type SubjectAccessReviewSpec = Infer<typeof subjectAccessReviewSpecSchema>;

export const subjectAccessReviewSchema = struct("io.k8s.api.authorization.v1.SubjectAccessReview", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  spec: field(2, subjectAccessReviewSpecSchema, "", { required: true }),
  status: field(3, subjectAccessReviewStatusSchema, "", { present: true }),
});
export type SubjectAccessReview = Infer<typeof subjectAccessReviewSchema>;

export const subjectAccessReviewKind = defineKind<SubjectAccessReview>({
  group: "authorization.k8s.io",
  version: "v1",
  kind: "SubjectAccessReview",
  plural: "subjectaccessreviews",
  namespaced: false,
  schema: subjectAccessReviewSchema,
  verbs: ["create"],
});
