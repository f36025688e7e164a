import type { Clock } from "@fairlead/lib/clock";
import { createRecent } from "@fairlead/lib/recent";
import { compactVerify, decodeJwt, decodeProtectedHeader, errors } from "jose";
import type { AuthenticationFailure, User } from "./authenticator.ts";
import { type BoundObjects, boundObjectsFailure } from "./bound-objects.ts";
import { CREDENTIAL_ID } from "./client-certificate-authenticator.ts";
import { type KubernetesClaim, parseClaims, type ServiceAccountClaims } from "./service-account-claims.ts";
import { serviceAccountUser } from "./service-account-user.ts";
import type { VerificationKey } from "./signing-key.ts";

/** Whom a token stands for, and which of the wanted audiences it is for. */
export interface VerifiedToken {
  readonly user: User;
  readonly audiences: readonly string[];
}

/** Checks tokens of service accounts. */
export interface TokenVerifier {
  /** `undefined`: not a token of this issuer. */
  verify(token: string, audiences: readonly string[]): Promise<VerifiedToken | AuthenticationFailure | undefined>;
}

/** Which tokens are good. */
export interface TokenVerifierOptions {
  /** The current key and those it replaced, as long as tokens signed with them may be around. */
  readonly keys: readonly VerificationKey[];
  readonly issuer: string;
  readonly objects: BoundObjects;
  readonly clock: Pick<Clock, "now">;
}

/** A token of this issuer with a good signature. What it says of times and objects is looked at again each time. */
interface SignedToken {
  readonly claims: ServiceAccountClaims;
  readonly user: User;
}

/** How far clocks may differ, as upstream. */
const LEEWAY_SECONDS = 60;
/** Tokens whose signature was found good, so that a request costs no public-key arithmetic. */
const REMEMBERED_MAX = 4_096;

/** Verifies signature, issuer, audience and times, and that everything the token is bound to still exists. */
export function tokenVerifier({ keys, issuer, objects, clock }: TokenVerifierOptions): TokenVerifier {
  const remembered = createRecent<SignedToken>(REMEMBERED_MAX);

  async function signedToken(token: string): Promise<SignedToken | AuthenticationFailure | undefined> {
    const known = remembered.get(token);
    if (known !== undefined) return known;
    if (issuerOf(token) !== issuer) return undefined;
    const claims = await verifiedClaims(token, keys);
    if ("failure" in claims) return claims;
    const signed = { claims, user: userOf(claims) };
    remembered.set(token, signed);
    return signed;
  }

  return {
    async verify(token, audiences) {
      const signed = await signedToken(token);
      if (signed === undefined || "failure" in signed) return signed;
      const { claims, user } = signed;
      const common = claims.aud.filter((audience) => audiences.includes(audience));
      const failure =
        audienceFailure(claims, common, audiences) ??
        timeFailure(claims, clock.now() / 1000) ??
        (await boundObjectsFailure(claims["kubernetes.io"], objects, clock.now()));
      return failure === undefined ? { user, audiences: common } : { failure };
    },
  };
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

async function verifiedClaims(
  token: string,
  keys: readonly VerificationKey[],
): Promise<ServiceAccountClaims | AuthenticationFailure> {
  try {
    const { kid } = decodeProtectedHeader(token);
    const key = keys.find(({ keyId }) => keyId === kid);
    if (key === undefined) return { failure: "no keys found" };
    const { payload } = await compactVerify(token, key.publicKey, { algorithms: [key.algorithm] });
    const claims = parseClaims(JSON.parse(new TextDecoder().decode(payload)));
    return claims ?? { failure: "service account token claims could not be validated due to unexpected private claim" };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof SyntaxError) return { failure: error.message };
    throw error;
  }
}

function audienceFailure(
  { aud }: ServiceAccountClaims,
  common: readonly string[],
  audiences: readonly string[],
): string | undefined {
  if (common.length > 0) return undefined;
  return `token audiences ${JSON.stringify(aud)} is invalid for the target audiences ${JSON.stringify(audiences)}`;
}

function timeFailure({ exp, nbf }: ServiceAccountClaims, nowSeconds: number): string | undefined {
  if (nowSeconds > exp + LEEWAY_SECONDS) return "service account token has expired";
  if (nowSeconds < nbf - LEEWAY_SECONDS) return "service account token is not valid yet";
  return undefined;
}

function userOf(claims: ServiceAccountClaims): User {
  const { namespace, serviceaccount, pod, node } = claims["kubernetes.io"];
  return serviceAccountUser(
    { namespace, name: serviceaccount.name, uid: serviceaccount.uid ?? "" },
    { ...(claims.jti !== "" && { [CREDENTIAL_ID]: [`JTI=${claims.jti}`] }), ...nodeExtra(node), ...podExtra(pod) },
  );
}

function podExtra(pod: KubernetesClaim["pod"]): User["extra"] {
  if (pod === undefined) return {};
  return {
    "authentication.kubernetes.io/pod-name": [pod.name],
    "authentication.kubernetes.io/pod-uid": [pod.uid ?? ""],
  };
}

function nodeExtra(node: KubernetesClaim["node"]): User["extra"] {
  if (node === undefined) return {};
  return {
    "authentication.kubernetes.io/node-name": [node.name],
    ...(node.uid !== undefined && { "authentication.kubernetes.io/node-uid": [node.uid] }),
  };
}
