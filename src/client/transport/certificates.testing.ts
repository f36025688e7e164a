import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** PEM. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
}

/**
 * An authority, a server's certificate for 127.0.0.1 and a client's, all good for an hour.
 *
 * @param serverName - Of the server's certificate, besides its address. Default: none.
 * @param ballastBytes - Of an extension without a meaning, which makes the authority's certificate as large. Default: none.
 */
export async function makeTestCertificates({
  serverName,
  ballastBytes = 0,
}: {
  serverName?: string;
  ballastBytes?: number;
} = {}): Promise<{
  ca: string;
  server: TestCertificate;
  client: TestCertificate;
}> {
  const caKeys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const times = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
  const ballast =
    ballastBytes > 0 ? [new x509.Extension("1.3.6.1.4.1.32473.1", false, new Uint8Array(ballastBytes))] : [];
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=test-ca",
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true), ...ballast],
    ...times,
  });

  async function issue(subject: string, extensions: x509.Extension[]): Promise<TestCertificate> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.create({
      subject,
      issuer: ca.subject,
      publicKey: keys.publicKey,
      signingKey: caKeys.privateKey,
      signingAlgorithm: algorithm,
      extensions,
      ...times,
    });
    const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
    return {
      certificate: certificate.toString("pem"),
      key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
    };
  }

  const server = await issue("CN=server", [
    new x509.SubjectAlternativeNameExtension([
      { type: "ip", value: "127.0.0.1" },
      ...(serverName === undefined ? [] : [{ type: "dns" as const, value: serverName }]),
    ]),
  ]);
  return { ca: ca.toString("pem"), server, client: await issue("CN=me", []) };
}
