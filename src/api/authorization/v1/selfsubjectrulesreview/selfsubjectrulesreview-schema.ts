import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, struct, t } from "../../../schema.ts";

export const selfSubjectRulesReviewSpecSchema = struct(
  "io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec",
  "The namespace in question.",
  {
    namespace: field(1, t.string, "Namespace whose rules are asked for."),
  },
);
export type SelfSubjectRulesReviewSpec = Infer<typeof selfSubjectRulesReviewSpecSchema>;

export const nonResourceRuleSchema = struct(
  "io.k8s.api.authorization.v1.NonResourceRule",
  "Paths and what may be done with them.",
  {
    verbs: field(1, list(t.string), "HTTP methods in lower case; * for all.", { required: true }),
    nonResourceURLs: field(2, list(t.string), "Paths; one may end in *."),
  },
);
export type NonResourceRule = Infer<typeof nonResourceRuleSchema>;

export const resourceRuleSchema = struct(
  "io.k8s.api.authorization.v1.ResourceRule",
  "Objects and what may be done with them.",
  {
    verbs: field(1, list(t.string), "What may be done; * for everything.", { required: true }),
    apiGroups: field(2, list(t.string), "API groups of the objects; * for all."),
    resources: field(3, list(t.string), "Resources; * for all."),
    resourceNames: field(4, list(t.string), "Names of the objects; all when empty."),
  },
);
export type ResourceRule = Infer<typeof resourceRuleSchema>;

export const subjectRulesReviewStatusSchema = struct(
  "io.k8s.api.authorization.v1.SubjectRulesReviewStatus",
  "All that the asker may do in the namespace.",
  {
    resourceRules: field(1, list(resourceRuleSchema), "Rules about objects, in no order.", { required: true }),
    nonResourceRules: field(2, list(nonResourceRuleSchema), "Rules about other paths, in no order.", {
      required: true,
    }),
    incomplete: field(3, t.bool, "Whether there may be more rules than these.", { required: true }),
    evaluationError: field(4, t.string, "Why the list is incomplete."),
  },
);
export type SubjectRulesReviewStatus = Infer<typeof subjectRulesReviewStatusSchema>;

export const selfSubjectRulesReviewSchema = struct(
  "io.k8s.api.authorization.v1.SelfSubjectRulesReview",
  "Asks for everything that the asker may do in a namespace.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, selfSubjectRulesReviewSpecSchema, "What is wanted.", { required: true }),
    status: field(3, subjectRulesReviewStatusSchema, "What was observed. Written by the system.", { present: true }),
  },
);
export type SelfSubjectRulesReview = Infer<typeof selfSubjectRulesReviewSchema>;
