import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, map, struct, t } from "../../../schema.ts";
import {
  nonResourceAttributesSchema,
  resourceAttributesSchema,
  subjectAccessReviewStatusSchema,
} from "../attributes.ts";

export const subjectAccessReviewSpecSchema = struct(
  "io.k8s.api.authorization.v1.SubjectAccessReviewSpec",
  "Who wants to do what.",
  {
    resourceAttributes: field(1, resourceAttributesSchema, "An action on objects."),
    nonResourceAttributes: field(2, nonResourceAttributesSchema, "An action on another path."),
    user: field(3, t.string, "Name of the user in question."),
    groups: field(4, list(t.string), "Groups of the user in question."),
    extra: field(5, map(list(t.string)), "What else is known about the user."),
    uid: field(6, t.string, "Identity of the user."),
  },
);
export type SubjectAccessReviewSpec = Infer<typeof subjectAccessReviewSpecSchema>;

export const subjectAccessReviewSchema = struct(
  "io.k8s.api.authorization.v1.SubjectAccessReview",
  "Asks whether a user may do something.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, subjectAccessReviewSpecSchema, "What is wanted.", { required: true }),
    status: field(3, subjectAccessReviewStatusSchema, "What was observed. Written by the system.", { present: true }),
  },
);
export type SubjectAccessReview = Infer<typeof subjectAccessReviewSchema>;
