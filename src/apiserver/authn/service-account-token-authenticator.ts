import type { Authenticator } from "./authenticator.ts";
import { bearerToken } from "./bearer-token.ts";
import type { TokenVerifier } from "./token-verifier.ts";

/** Authenticates bearer tokens of service accounts that are meant for one of `audiences`. */
export function serviceAccountTokenAuthenticator(verifier: TokenVerifier, audiences: readonly string[]): Authenticator {
  return {
    async authenticate(credentials) {
      const token = bearerToken(credentials);
      if (typeof token !== "string") return token;
      const verified = await verifier.verify(token, audiences);
      return verified === undefined || "failure" in verified ? verified : verified.user;
    },
  };
}
