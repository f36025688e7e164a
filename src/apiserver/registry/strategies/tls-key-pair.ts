import { createPrivateKey, X509Certificate } from "node:crypto";

interface PemBlock {
  readonly type: string;
  readonly text: string;
}

function pemBlocks(text: string): readonly PemBlock[] {
  const pattern = /-----BEGIN ([^\n-]+)-----\r?\n[^-]*-----END \1-----/g;
  return [...text.matchAll(pattern)].map(([block, type = ""]) => ({ type, text: block }));
}

/** Returns why a PEM certificate and a PEM key are no pair, in the words of Go's `tls.X509KeyPair`; `undefined` for a pair. */
export function keyPairProblem(certificateText: string, keyText: string): string | undefined {
  const certificates = pemBlocks(certificateText);
  const certificate = certificates.find(({ type }) => type === "CERTIFICATE");
  if (certificate === undefined) return missingCertificate(certificates.map(({ type }) => type));
  const keys = pemBlocks(keyText);
  const key = keys.find(({ type }) => type === "PRIVATE KEY" || type.endsWith(" PRIVATE KEY"));
  if (key === undefined) return missingKey(keys.map(({ type }) => type));
  return mismatch(certificate.text, key.text);
}

function missingCertificate(skipped: readonly string[]): string {
  if (skipped.length === 0) return "tls: failed to find any PEM data in certificate input";
  if (skipped.length === 1 && (skipped[0] ?? "").endsWith("PRIVATE KEY")) {
    return "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched";
  }
  const types = skipped.join(" ");
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${types}]`;
}

function missingKey(skipped: readonly string[]): string {
  if (skipped.length === 0) return "tls: failed to find any PEM data in key input";
  if (skipped.length === 1 && skipped[0] === "CERTIFICATE") {
    return "tls: found a certificate rather than a key in the PEM for the private key";
  }
  const types = skipped.join(" ");
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${types}]`;
}

function mismatch(certificateText: string, keyText: string): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(certificateText);
  } catch {
    return "x509: malformed certificate";
  }
  let key: ReturnType<typeof createPrivateKey>;
  try {
    key = createPrivateKey(keyText);
  } catch {
    return "tls: failed to parse private key";
  }
  if (certificate.publicKey.asymmetricKeyType !== key.asymmetricKeyType) {
    return "tls: private key type does not match public key type";
  }
  return certificate.checkPrivateKey(key) ? undefined : "tls: private key does not match public key";
}
