import { defineKind } from "../../../kind.ts";
import type { TokenReview } from "./tokenreview-schema.ts";
import { tokenReviewSchema } from "./tokenreview-schema.ts";

export type * from "./tokenreview-schema.ts";

export const tokenReviewKind = defineKind<TokenReview>({
  group: "authentication.k8s.io",
  version: "v1",
  kind: "TokenReview",
  plural: "tokenreviews",
  namespaced: false,
  schema: tokenReviewSchema,
  verbs: ["create"],
});
