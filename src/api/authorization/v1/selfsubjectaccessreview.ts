import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import type { Infer } from "../../schema.ts";
import { field, struct } from "../../schema.ts";
import {
  nonResourceAttributesSchema,
  resourceAttributesSchema,
  subjectAccessReviewStatusSchema,
} from "./attributes.ts";

export const selfSubjectAccessReviewSpecSchema = struct("io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec", "", {
  resourceAttributes: field(1, resourceAttributesSchema, ""),
  nonResourceAttributes: field(2, nonResourceAttributesSchema, ""),
});
export type SelfSubjectAccessReviewSpec = Infer<typeof selfSubjectAccessReviewSpecSchema>;

export const selfSubjectAccessReviewSchema = struct("io.k8s.api.authorization.v1.SelfSubjectAccessReview", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  spec: field(2, selfSubjectAccessReviewSpecSchema, "", { required: true }),
  status: field(3, subjectAccessReviewStatusSchema, "", { present: true }),
});
export type SelfSubjectAccessReview = Infer<typeof selfSubjectAccessReviewSchema>;

export const selfSubjectAccessReviewKind = defineKind<SelfSubjectAccessReview>({
  group: "authorization.k8s.io",
  version: "v1",
  kind: "SelfSubjectAccessReview",
  plural: "selfsubjectaccessreviews",
  namespaced: false,
  schema: selfSubjectAccessReviewSchema,
  verbs: ["create"],
});
