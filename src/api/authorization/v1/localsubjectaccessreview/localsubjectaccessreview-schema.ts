import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, struct } from "../../../schema.ts";
import { subjectAccessReviewStatusSchema } from "../attributes.ts";
import { subjectAccessReviewSpecSchema } from "../subjectaccessreview/subjectaccessreview-schema.ts";

export const localSubjectAccessReviewSchema = struct(
  "io.k8s.api.authorization.v1.LocalSubjectAccessReview",
  "Asks whether a user may do something in one namespace.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, subjectAccessReviewSpecSchema, "What is wanted.", { required: true }),
    status: field(3, subjectAccessReviewStatusSchema, "What was observed. Written by the system.", { present: true }),
  },
);
export type LocalSubjectAccessReview = Infer<typeof localSubjectAccessReviewSchema>;
