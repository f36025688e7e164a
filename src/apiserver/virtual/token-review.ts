import type { TokenReview, TokenReviewStatus } from "@fairlead/api/authentication/v1/tokenreview/tokenreview";
import type { UserInfo } from "@fairlead/api/authentication/v1/user-info";
import { StatusError } from "@fairlead/api/status-error";
import type { User } from "../authn/authenticator.ts";
import type { TokenVerifier } from "../authn/token-verifier.ts";
import { authenticated } from "../authn/union-authenticator.ts";

/** Answers whom a token stands for. `audiences` are the API server's own, which an empty list in the review means. */
export async function tokenReview(
  verifier: TokenVerifier,
  audiences: readonly string[],
  review: TokenReview,
): Promise<TokenReview> {
  const token = review.spec.token ?? "";
  if (token === "") throw new StatusError("BadRequest", "token is required for TokenReview in authentication");
  const asked = review.spec.audiences ?? [];
  return { ...review, status: await statusOf(verifier, token, asked.length === 0 ? audiences : asked) };
}

async function statusOf(
  verifier: TokenVerifier,
  token: string,
  audiences: readonly string[],
): Promise<TokenReviewStatus> {
  const verified = await verifier.verify(token, audiences);
  if (verified === undefined) return { error: "invalid bearer token" };
  if ("failure" in verified) return { error: verified.failure };
  return { authenticated: true, user: userInfo(authenticated(verified.user)), audiences: verified.audiences };
}

/** A user as the API shows it. */
export function userInfo({ name, uid, groups, extra }: User): UserInfo {
  return {
    username: name,
    ...(uid !== "" && { uid }),
    ...(groups.length > 0 && { groups }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}
