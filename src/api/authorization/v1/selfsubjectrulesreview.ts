import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import type { Infer } from "../../schema.ts";
import { field, list, struct, t } from "../../schema.ts";

export const selfSubjectRulesReviewSpecSchema = struct("io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec", "", {
  namespace: field(1, t.string, ""),
});
export type SelfSubjectRulesReviewSpec = Infer<typeof selfSubjectRulesReviewSpecSchema>;

export const nonResourceRuleSchema = struct("io.k8s.api.authorization.v1.NonResourceRule", "", {
  verbs: field(1, list(t.string), "", { required: true }),
  nonResourceURLs: field(2, list(t.string), ""),
});
export type NonResourceRule = Infer<typeof nonResourceRuleSchema>;

export const resourceRuleSchema = struct("io.k8s.api.authorization.v1.ResourceRule", "", {
  verbs: field(1, list(t.string), "", { required: true }),
  apiGroups: field(2, list(t.string), ""),
  resources: field(3, list(t.string), ""),
  resourceNames: field(4, list(t.string), ""),
});
export type ResourceRule = Infer<typeof resourceRuleSchema>;

export const subjectRulesReviewStatusSchema = struct("io.k8s.api.authorization.v1.SubjectRulesReviewStatus", "", {
  resourceRules: field(1, list(resourceRuleSchema), "", { required: true }),
  nonResourceRules: field(2, list(nonResourceRuleSchema), "", { required: true }),
  incomplete: field(3, t.bool, "", { required: true }),
  evaluationError: field(4, t.string, ""),
});
export type SubjectRulesReviewStatus = Infer<typeof subjectRulesReviewStatusSchema>;

export const selfSubjectRulesReviewSchema = struct("io.k8s.api.authorization.v1.SelfSubjectRulesReview", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  spec: field(2, selfSubjectRulesReviewSpecSchema, "", { required: true }),
  status: field(3, subjectRulesReviewStatusSchema, "", { present: true }),
});
export type SelfSubjectRulesReview = Infer<typeof selfSubjectRulesReviewSchema>;

export const selfSubjectRulesReviewKind = defineKind<SelfSubjectRulesReview>({
  group: "authorization.k8s.io",
  version: "v1",
  kind: "SelfSubjectRulesReview",
  plural: "selfsubjectrulesreviews",
  namespaced: false,
  schema: selfSubjectRulesReviewSchema,
  verbs: ["create"],
});
