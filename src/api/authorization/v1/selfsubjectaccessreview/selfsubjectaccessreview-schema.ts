import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, struct } from "../../../schema.ts";
import {
  nonResourceAttributesSchema,
  resourceAttributesSchema,
  subjectAccessReviewStatusSchema,
} from "../attributes.ts";

export const selfSubjectAccessReviewSpecSchema = struct(
  "io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec",
  "The action in question. Set one of the two.",
  {
    resourceAttributes: field(1, resourceAttributesSchema, "An action on objects."),
    nonResourceAttributes: field(2, nonResourceAttributesSchema, "An action on another path."),
  },
);
export type SelfSubjectAccessReviewSpec = Infer<typeof selfSubjectAccessReviewSpecSchema>;

export const selfSubjectAccessReviewSchema = struct(
  "io.k8s.api.authorization.v1.SelfSubjectAccessReview",
  "Asks whether the asker may do something.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, selfSubjectAccessReviewSpecSchema, "What is wanted.", { required: true }),
    status: field(3, subjectAccessReviewStatusSchema, "What was observed. Written by the system.", { present: true }),
  },
);
export type SelfSubjectAccessReview = Infer<typeof selfSubjectAccessReviewSchema>;
