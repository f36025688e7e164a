import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, struct, t } from "../../../schema.ts";
import { userInfoSchema } from "../user-info.ts";

export const tokenReviewSpecSchema = struct("io.k8s.api.authentication.v1.TokenReviewSpec", "The token in question.", {
  token: field(1, t.string, "The token as the client sent it."),
  audiences: field(2, list(t.string), "Who the token is meant for."),
});
export type TokenReviewSpec = Infer<typeof tokenReviewSpecSchema>;

export const tokenReviewStatusSchema = struct(
  "io.k8s.api.authentication.v1.TokenReviewStatus",
  "What the token is worth.",
  {
    authenticated: field(1, t.bool, "Whether the token is valid."),
    user: field(2, userInfoSchema, "Whose token it is.", { filled: true }),
    audiences: field(4, list(t.string), "Which of the asked audiences the token is for."),
    error: field(3, t.string, "Why the token could not be checked."),
  },
);
export type TokenReviewStatus = Infer<typeof tokenReviewStatusSchema>;

export const tokenReviewSchema = struct(
  "io.k8s.api.authentication.v1.TokenReview",
  "Asks whether a token is valid, and whose it is.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, tokenReviewSpecSchema, "What is wanted.", { required: true }),
    status: field(3, tokenReviewStatusSchema, "What was observed. Written by the system.", { present: true }),
  },
);
export type TokenReview = Infer<typeof tokenReviewSchema>;
