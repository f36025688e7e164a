import { defineKind } from "../../../kind.ts";
import type { SubjectAccessReview } from "./subjectaccessreview-schema.ts";
import { subjectAccessReviewSchema } from "./subjectaccessreview-schema.ts";

export type * from "./subjectaccessreview-schema.ts";

export const subjectAccessReviewKind = defineKind<SubjectAccessReview>({
  group: "authorization.k8s.io",
  version: "v1",
  kind: "SubjectAccessReview",
  plural: "subjectaccessreviews",
  namespaced: false,
  schema: subjectAccessReviewSchema,
  verbs: ["create"],
});
