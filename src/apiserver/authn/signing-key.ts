import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

/** The key that signs service account tokens. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Identifies the key that signed a token: the hash of the public key, as upstream names them. */
  readonly keyId: string;
  readonly algorithm: "RS256" | "ES256" | "ES384" | "ES512";
}

/** A public key that tokens are accepted from. */
export type VerificationKey = Pick<SigningKey, "publicKey" | "keyId" | "algorithm">;

/** @param pem - An RSA key, or an elliptic one of P-256, P-384 or P-521. Throws for any other. */
export function signingKey(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  return { privateKey, ...describe(publicKey) };
}

/** @param pem - The public half of a key that signed tokens which are still good. */
export function verificationKey(pem: string): VerificationKey {
  return describe(createPublicKey(pem));
}

function describe(publicKey: KeyObject): VerificationKey {
  const der = publicKey.export({ type: "spki", format: "der" });
  return { publicKey, keyId: createHash("sha256").update(der).digest("base64url"), algorithm: algorithmOf(publicKey) };
}

function algorithmOf(key: KeyObject): SigningKey["algorithm"] {
  if (key.asymmetricKeyType === "rsa") return "RS256";
  switch (key.asymmetricKeyDetails?.namedCurve) {
    case "prime256v1":
      return "ES256";
    case "secp384r1":
      return "ES384";
    case "secp521r1":
      return "ES512";
    default:
      throw new Error(
        `Cannot sign tokens with a key of type ${key.asymmetricKeyType}: must be RSA, P-256, P-384 or P-521`,
      );
  }
}
