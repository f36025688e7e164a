import { defineKind } from "../../../kind.ts";
import type { SelfSubjectReview } from "./selfsubjectreview-schema.ts";
import { selfSubjectReviewSchema } from "./selfsubjectreview-schema.ts";

export type * from "./selfsubjectreview-schema.ts";

export const selfSubjectReviewKind = defineKind<SelfSubjectReview>({
  group: "authentication.k8s.io",
  version: "v1",
  kind: "SelfSubjectReview",
  plural: "selfsubjectreviews",
  namespaced: false,
  schema: selfSubjectReviewSchema,
  verbs: ["create"],
});
