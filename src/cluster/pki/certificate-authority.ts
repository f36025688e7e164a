import "reflect-metadata";
import { webcrypto } from "node:crypto";
import type { X509Certificate } from "@peculiar/x509";
import * as x509 from "@peculiar/x509";
import type { KeyPair } from "./pki-files.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** How long certificates are good for, as kubeadm's: a CA ten years, the others one. */
const CA_VALIDITY_DAYS = 3650;
const LEAF_VALIDITY_DAYS = 365;
/** Clocks of other machines may be a little behind. */
const BACKDATE_MS = 5 * 60_000;

/** What a certificate is for. */
export interface LeafRequest {
  /** The user name of a client certificate; for a server, only a label. */
  readonly commonName: string;
  /** The groups of a client certificate. */
  readonly organizations?: readonly string[];
  readonly usage: "client" | "server";
  /** What a server certificate is good for. */
  readonly dnsNames?: readonly string[];
  readonly addresses?: readonly string[];
}

/** Signs certificates. */
export interface CertificateAuthority {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  issue(request: LeafRequest, now: Date): Promise<KeyPair>;
}

x509.cryptoProvider.set(webcrypto);

/** Makes a new authority. `now` is when its certificate becomes good, give or take clock differences. */
export async function createCertificateAuthority(commonName: string, now: Date): Promise<CertificateAuthority> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [commonName] }],
    notBefore: new Date(now.getTime() - BACKDATE_MS),
    notAfter: daysAfter(now, CA_VALIDITY_DAYS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return authority(certificate, keys.privateKey, await pemOfKey(keys.privateKey));
}

/** An authority made before. */
export async function loadCertificateAuthority({ certificate, key }: KeyPair): Promise<CertificateAuthority> {
  const privateKey = await webcrypto.subtle.importKey("pkcs8", x509.PemConverter.decodeFirst(key), ALGORITHM, true, [
    "sign",
  ]);
  return authority(new x509.X509Certificate(certificate), privateKey, key);
}

function authority(certificate: X509Certificate, signingKey: webcrypto.CryptoKey, key: string): CertificateAuthority {
  return {
    certificate: `${certificate.toString("pem")}\n`,
    key,
    issue: (request, now) => issue(certificate, signingKey, request, now),
  };
}

async function issue(
  ca: X509Certificate,
  signingKey: webcrypto.CryptoKey,
  request: LeafRequest,
  now: Date,
): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const names: x509.JsonGeneralNames = [
    ...(request.dnsNames ?? []).map((value) => ({ type: "dns" as const, value })),
    ...(request.addresses ?? []).map((value) => ({ type: "ip" as const, value })),
  ];
  const usage = request.usage === "client" ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [
      ...(request.organizations ?? []).map((organization) => ({ O: [organization] })),
      { CN: [request.commonName] },
    ],
    issuer: ca.subject,
    notBefore: new Date(now.getTime() - BACKDATE_MS),
    notAfter: daysAfter(now, LEAF_VALIDITY_DAYS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([usage]),
      await x509.AuthorityKeyIdentifierExtension.create(ca.publicKey),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return { certificate: `${certificate.toString("pem")}\n`, key: await pemOfKey(keys.privateKey) };
}

async function pemOfKey(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}

/** 127 random bits: positive, and not zero (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString("hex");
}

function daysAfter(now: Date, days: number): Date {
  return new Date(now.getTime() + days * 86_400_000);
}
