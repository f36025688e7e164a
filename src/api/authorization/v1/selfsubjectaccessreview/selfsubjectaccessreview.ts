import { defineKind } from "../../../kind.ts";
import type { SelfSubjectAccessReview } from "./selfsubjectaccessreview-schema.ts";
import { selfSubjectAccessReviewSchema } from "./selfsubjectaccessreview-schema.ts";

export type * from "./selfsubjectaccessreview-schema.ts";

export const selfSubjectAccessReviewKind = defineKind<SelfSubjectAccessReview>({
  group: "authorization.k8s.io",
  version: "v1",
  kind: "SelfSubjectAccessReview",
  plural: "selfsubjectaccessreviews",
  namespaced: false,
  schema: selfSubjectAccessReviewSchema,
  verbs: ["create"],
});
