import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, struct } from "../../../schema.ts";
import { userInfoSchema } from "../user-info.ts";

export const selfSubjectReviewStatusSchema = struct(
  "io.k8s.api.authentication.v1.SelfSubjectReviewStatus",
  "Who the server takes the asker for.",
  {
    userInfo: field(1, userInfoSchema, "The asker.", { filled: true }),
  },
);
export type SelfSubjectReviewStatus = Infer<typeof selfSubjectReviewStatusSchema>;

export const selfSubjectReviewSchema = struct(
  "io.k8s.api.authentication.v1.SelfSubjectReview",
  "Asks who the asker is.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    status: field(2, selfSubjectReviewStatusSchema, "What was observed. Written by the system.", { present: true }),
  },
);
export type SelfSubjectReview = Infer<typeof selfSubjectReviewSchema>;
