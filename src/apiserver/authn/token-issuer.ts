import { randomUUID } from "node:crypto";
import type { Clock } from "@fairlead/lib/clock";
import { SignJWT } from "jose";
import type { KubernetesClaim, ServiceAccountClaims } from "./service-account-claims.ts";
import { serviceAccountUserName } from "./service-account-user.ts";
import type { SigningKey } from "./signing-key.ts";

/** What varies from token to token. */
export interface TokenContents {
  readonly audiences: readonly string[];
  readonly lifetimeSeconds: number;
  readonly claim: KubernetesClaim;
}

/** Makes tokens of service accounts. */
export interface TokenIssuer {
  readonly issuer: string;
  issue(contents: TokenContents): Promise<string>;
}

/** What tokens are signed with, and in whose name. */
export interface TokenIssuerOptions {
  readonly key: SigningKey;
  /** An HTTPS URL: the `iss` of every token. */
  readonly issuer: string;
  readonly clock: Pick<Clock, "now">;
}

/** Signs tokens with the layout of claims that upstream's have. */
export function tokenIssuer({ key, issuer, clock }: TokenIssuerOptions): TokenIssuer {
  return {
    issuer,
    issue({ audiences, lifetimeSeconds, claim }) {
      const now = Math.floor(clock.now() / 1000);
      const claims: ServiceAccountClaims = {
        aud: audiences,
        exp: now + lifetimeSeconds,
        iat: now,
        iss: issuer,
        jti: randomUUID(),
        "kubernetes.io": claim,
        nbf: now,
        sub: serviceAccountUserName(claim.namespace, claim.serviceaccount.name),
      };
      return new SignJWT({ ...claims, aud: [...audiences] })
        .setProtectedHeader({ alg: key.algorithm, kid: key.keyId })
        .sign(key.privateKey);
    },
  };
}
