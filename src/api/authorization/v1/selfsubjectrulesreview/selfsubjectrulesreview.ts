import { defineKind } from "../../../kind.ts";
import type { SelfSubjectRulesReview } from "./selfsubjectrulesreview-schema.ts";
import { selfSubjectRulesReviewSchema } from "./selfsubjectrulesreview-schema.ts";

export type * from "./selfsubjectrulesreview-schema.ts";

export const selfSubjectRulesReviewKind = defineKind<SelfSubjectRulesReview>({
  group: "authorization.k8s.io",
  version: "v1",
  kind: "SelfSubjectRulesReview",
  plural: "selfsubjectrulesreviews",
  namespaced: false,
  schema: selfSubjectRulesReviewSchema,
  verbs: ["create"],
});
