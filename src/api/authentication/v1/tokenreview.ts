import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import type { Infer } from "../../schema.ts";
import { field, list, struct, t } from "../../schema.ts";
import { userInfoSchema } from "./user-info.ts";

export const tokenReviewSpecSchema = struct("io.k8s.api.authentication.v1.TokenReviewSpec", "", {
  token: field(1, t.string, ""),
  audiences: field(2, list(t.string), ""),
});
export type TokenReviewSpec = Infer<typeof tokenReviewSpecSchema>;

export const tokenReviewStatusSchema = struct("io.k8s.api.authentication.v1.TokenReviewStatus", "", {
  authenticated: field(1, t.bool, ""),
  user: field(2, userInfoSchema, ""),
  audiences: field(4, list(t.string), ""),
  error: field(3, t.string, ""),
});
export type TokenReviewStatus = Infer<typeof tokenReviewStatusSchema>;

export const tokenReviewSchema = struct("io.k8s.api.authentication.v1.TokenReview", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  spec: field(2, tokenReviewSpecSchema, "", { required: true }),
  status: field(3, tokenReviewStatusSchema, "", { present: true }),
});
export type TokenReview = Infer<typeof tokenReviewSchema>;

export const tokenReviewKind = defineKind<TokenReview>({
  group: "authentication.k8s.io",
  version: "v1",
  kind: "TokenReview",
  plural: "tokenreviews",
  namespaced: false,
  schema: tokenReviewSchema,
  verbs: ["create"],
});
