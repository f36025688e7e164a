import { defineKind } from "../../../kind.ts";
import type { LocalSubjectAccessReview } from "./localsubjectaccessreview-schema.ts";
import { localSubjectAccessReviewSchema } from "./localsubjectaccessreview-schema.ts";

export type * from "./localsubjectaccessreview-schema.ts";

export const localSubjectAccessReviewKind = defineKind<LocalSubjectAccessReview>({
  group: "authorization.k8s.io",
  version: "v1",
  kind: "LocalSubjectAccessReview",
  plural: "localsubjectaccessreviews",
  namespaced: true,
  schema: localSubjectAccessReviewSchema,
  verbs: ["create"],
});
