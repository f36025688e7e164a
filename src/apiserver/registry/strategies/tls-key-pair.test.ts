import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { makeTestCertificates } from "@fairlead/client/transport/certificates.testing";
import { keyPairProblem } from "./tls-key-pair.ts";

const { server, client } = await makeTestCertificates();
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const rsaKey = rsa.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const block = (type: string) => `-----BEGIN ${type}-----\neA==\n-----END ${type}-----\n`;

const rows: readonly {
  readonly name: string;
  readonly certificate: string;
  readonly key: string;
  readonly want: string | undefined;
}[] = [
  { name: "a pair", certificate: server.certificate, key: server.key, want: undefined },
  {
    name: "the key of another certificate",
    certificate: server.certificate,
    key: client.key,
    want: "tls: private key does not match public key",
  },
  {
    name: "a key of another type",
    certificate: server.certificate,
    key: rsaKey,
    want: "tls: private key type does not match public key type",
  },
  { name: "no PEM", certificate: "x", key: "x", want: "tls: failed to find any PEM data in certificate input" },
  {
    name: "certificate and key switched",
    certificate: server.key,
    key: server.certificate,
    want: "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched",
  },
  {
    name: "PEM without a certificate",
    certificate: block("A") + block("B"),
    key: server.key,
    want: 'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [A B]',
  },
  {
    name: "no PEM for the key",
    certificate: server.certificate,
    key: "",
    want: "tls: failed to find any PEM data in key input",
  },
  {
    name: "a certificate for a key",
    certificate: server.certificate,
    key: server.certificate,
    want: "tls: found a certificate rather than a key in the PEM for the private key",
  },
  {
    name: "PEM without a key",
    certificate: server.certificate,
    key: block("A"),
    want: 'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [A]',
  },
  {
    name: "a certificate that is none",
    certificate: block("CERTIFICATE"),
    key: server.key,
    want: "x509: malformed certificate",
  },
  {
    name: "a key that is none",
    certificate: server.certificate,
    key: block("PRIVATE KEY"),
    want: "tls: failed to parse private key",
  },
];

for (const { name, certificate, key, want } of rows) {
  test(`keyPairProblem: ${name}`, () => assert.equal(keyPairProblem(certificate, key), want));
}
