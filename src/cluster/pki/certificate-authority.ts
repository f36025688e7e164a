import type { KeyObject } from "node:crypto";
import { createHash, createPrivateKey, generateKeyPair, randomBytes, sign, X509Certificate } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import { promisify } from "node:util";
import {
  bitString,
  boolean,
  integer,
  objectIdentifier,
  octetString,
  readElements,
  sequence,
  setOf,
  tagged,
  taggedBytes,
  time,
  utf8String,
} from "./der.ts";
import type { KeyPair } from "./pki-files.ts";

/** How long certificates are good for, as kubeadm's: a CA ten years, the others one. */
const CA_VALIDITY_DAYS = 3650;
const LEAF_VALIDITY_DAYS = 365;
/**
 * How far a certificate's validity begins before its issue, in milliseconds. A day: the clock of a machine may be set back
 * after the cluster was created, by a time server or from a wrong time zone. kubeadm has five minutes.
 */
const BACKDATE_MS = 24 * 3_600_000;

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

/** Signs certificates: P-256 keys, SHA-256 (RFC 5280, RFC 5480). */
export interface CertificateAuthority {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  issue(request: LeafRequest, now: Date): Promise<KeyPair>;
}

/** Who signs. */
interface Issuer {
  /** The name in DER, byte for byte that of the issuer's certificate: the two are matched by it. */
  readonly name: Buffer;
  /** Absent where the issuer's certificate has none. */
  readonly keyIdentifier: Buffer | undefined;
  readonly key: KeyObject;
}

const newKeys = promisify(generateKeyPair);

/** Makes a new authority. `now` is when its certificate becomes good, give or take clock differences. */
export async function createCertificateAuthority(commonName: string, now: Date): Promise<CertificateAuthority> {
  const { publicKey, privateKey } = await newKeys("ec", { namedCurve: "P-256" });
  const issuer: Issuer = { name: nameOf({ commonName }), keyIdentifier: keyIdentifierOf(publicKey), key: privateKey };
  const certificate = certificateOf(issuer, {
    subject: issuer.name,
    publicKey,
    now,
    validityDays: CA_VALIDITY_DAYS,
    extensions: [
      extension(OID.basicConstraints, sequence(boolean(true)), "critical"),
      // digitalSignature, keyCertSign, cRLSign
      extension(OID.keyUsage, bitString(Buffer.from([0b1000_0110]), 1), "critical"),
      extension(OID.subjectKeyIdentifier, octetString(keyIdentifierOf(publicKey))),
    ],
  });
  return authority({ certificate, key: pemOfKey(privateKey) }, issuer);
}

/** An authority made before. */
export async function loadCertificateAuthority(pair: KeyPair): Promise<CertificateAuthority> {
  const key = createPrivateKey(pair.key);
  const certificate = new X509Certificate(pair.certificate);
  return authority({ certificate: certificate.toString(), key: pair.key }, { ...readSubject(certificate), key });
}

function authority({ certificate, key }: KeyPair, issuer: Issuer): CertificateAuthority {
  return { certificate, key, issue: (request, now) => issue(issuer, request, now) };
}

async function issue(issuer: Issuer, request: LeafRequest, now: Date): Promise<KeyPair> {
  const { publicKey, privateKey } = await newKeys("ec", { namedCurve: "P-256" });
  const { keyIdentifier } = issuer;
  const names = [
    ...(request.dnsNames ?? []).map((name) => taggedBytes(2, Buffer.from(name))),
    ...(request.addresses ?? []).map((address) => taggedBytes(7, addressBytes(address))),
  ];
  const certificate = certificateOf(issuer, {
    subject: nameOf(request),
    publicKey,
    now,
    validityDays: LEAF_VALIDITY_DAYS,
    extensions: [
      extension(OID.basicConstraints, sequence(), "critical"),
      // digitalSignature
      extension(OID.keyUsage, bitString(Buffer.from([0b1000_0000]), 7), "critical"),
      extension(OID.extendedKeyUsage, sequence(objectIdentifier(OID[request.usage]))),
      ...(keyIdentifier === undefined
        ? []
        : [extension(OID.authorityKeyIdentifier, sequence(taggedBytes(0, keyIdentifier)))]),
      ...(names.length > 0 ? [extension(OID.subjectAltName, sequence(...names))] : []),
    ],
  });
  return { certificate, key: pemOfKey(privateKey) };
}

const OID = {
  organization: "2.5.4.10",
  commonName: "2.5.4.3",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  server: "1.3.6.1.5.5.7.3.1",
  client: "1.3.6.1.5.5.7.3.2",
} as const;

interface CertificateContent {
  /** A name in DER. */
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  readonly now: Date;
  readonly validityDays: number;
  readonly extensions: readonly Buffer[];
}

/** A signed certificate, as PEM (RFC 5280 §4.1). */
function certificateOf(issuer: Issuer, content: CertificateContent): string {
  const { subject, publicKey, now, validityDays, extensions } = content;
  const algorithm = sequence(objectIdentifier(OID.ecdsaWithSha256));
  const [from, to] = [new Date(now.getTime() - BACKDATE_MS), new Date(now.getTime() + validityDays * 86_400_000)];
  const signed = sequence(
    // Version 3.
    tagged(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    algorithm,
    issuer.name,
    sequence(time(from), time(to)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(3, sequence(...extensions)),
  );
  return pem("CERTIFICATE", sequence(signed, algorithm, bitString(sign("sha256", signed, issuer.key))));
}

function extension(oid: string, value: Buffer, critical?: "critical"): Buffer {
  const marks = critical === undefined ? [] : [boolean(true)];
  return sequence(objectIdentifier(oid), ...marks, octetString(value));
}

function nameOf({ organizations = [], commonName }: Pick<LeafRequest, "organizations" | "commonName">): Buffer {
  const part = (oid: string, text: string) => setOf(sequence(objectIdentifier(oid), utf8String(text)));
  return sequence(...organizations.map((name) => part(OID.organization, name)), part(OID.commonName, commonName));
}

/** Of the key's bits (RFC 5280 §4.2.1.2, method 1). */
function keyIdentifierOf(publicKey: KeyObject): Buffer {
  const [info] = readElements(publicKey.export({ type: "spki", format: "der" }));
  const bits = readElements(info?.content ?? Buffer.alloc(0)).at(-1);
  // The first byte says how many bits of the last one are unused.
  return createHash("sha1")
    .update(bits?.content.subarray(1) ?? "")
    .digest();
}

/** Name and key identifier of the one that a certificate is for. */
function readSubject({ raw }: X509Certificate): Pick<Issuer, "name" | "keyIdentifier"> {
  const [certificate] = readElements(raw);
  const [signed] = readElements(certificate?.content ?? Buffer.alloc(0));
  // Version, serial number, algorithm, issuer, validity, subject, key, and more under tags.
  const fields = readElements(signed?.content ?? Buffer.alloc(0));
  const [list] = readElements(fields.find(({ tag }) => tag === EXTENSIONS_TAG)?.content ?? Buffer.alloc(0));
  const extensions = readElements(list?.content ?? Buffer.alloc(0)).map(({ content }) => readElements(content));
  const wanted = objectIdentifier(OID.subjectKeyIdentifier);
  const found = extensions.find(([oid]) => oid?.bytes.equals(wanted))?.at(-1);
  const [keyIdentifier] = readElements(found?.content ?? Buffer.alloc(0));
  return { name: fields[SUBJECT_FIELD]?.bytes ?? Buffer.alloc(0), keyIdentifier: keyIdentifier?.content };
}

const SUBJECT_FIELD = 5;
/** `[3]`. */
const EXTENSIONS_TAG = 0xa3;

/** The bytes of an IPv4 or IPv6 address. */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split(".").map(Number));
  if (!isIPv6(address)) throw new Error(`Cannot make a certificate for "${address}": it is no IP address`);
  // Written out in full, and an IPv4 address at its end in hexadecimal.
  const { hostname } = new URL(`http://[${address}]/`);
  const [head = "", tail] = hostname.slice(1, -1).split("::");
  const groups = (text: string | undefined) => (text === undefined || text === "" ? [] : text.split(":"));
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, "0")).join(""), "hex");
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function pemOfKey(key: KeyObject): string {
  return String(key.export({ type: "pkcs8", format: "pem" }));
}

/** 127 random bits: positive, and not zero (RFC 5280 §4.1.2.2). */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}
