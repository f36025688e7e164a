import type { VerificationKey } from "./signing-key.ts";

/** Where OpenID Connect clients look first. */
export const OPENID_CONFIGURATION_PATH = "/.well-known/openid-configuration";
/** Where the public keys of service account tokens are. */
export const JWKS_PATH = "/openid/v1/jwks";

/** The body of {@link OPENID_CONFIGURATION_PATH}, `application/json`. */
export function openidConfiguration(issuer: string, jwksUrl: string, keys: readonly VerificationKey[]): object {
  return {
    issuer,
    jwks_uri: jwksUrl,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [...new Set(keys.map((key) => key.algorithm))],
  };
}

/** The body of {@link JWKS_PATH}, `application/jwk-set+json`. */
export function jwks(keys: readonly VerificationKey[]): object {
  return {
    keys: keys.map(({ publicKey, keyId, algorithm }) => ({
      use: "sig",
      kid: keyId,
      alg: algorithm,
      ...publicKey.export({ format: "jwk" }),
    })),
  };
}
