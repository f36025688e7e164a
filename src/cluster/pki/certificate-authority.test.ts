import "reflect-metadata";
import assert from "node:assert/strict";
import { webcrypto, X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { ConnectionOptions } from "node:tls";
import { connect, createServer } from "node:tls";
import * as x509 from "@peculiar/x509";
import type { CertificateAuthority, LeafRequest } from "./certificate-authority.ts";
import { createCertificateAuthority, loadCertificateAuthority } from "./certificate-authority.ts";
import type { KeyPair } from "./pki-files.ts";

const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const DAY_MS = 86_400_000;

const now = new Date();
const ca = await createCertificateAuthority("kubernetes", now);
const serverRequest: LeafRequest = {
  commonName: "kube-apiserver",
  usage: "server",
  dnsNames: ["kubernetes.default.svc", "localhost"],
  addresses: ["127.0.0.1", "::1", "10.96.0.1"],
};
const clientRequest: LeafRequest = {
  commonName: "system:node:a",
  organizations: ["system:nodes", "other"],
  usage: "client",
};

function parsed({ certificate }: Pick<KeyPair, "certificate">): X509Certificate {
  return new X509Certificate(certificate);
}

function validity(certificate: X509Certificate): { readonly fromMs: number; readonly days: number } {
  const [from, to] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()];
  return { fromMs: from - now.getTime(), days: Math.round((to - from) / DAY_MS) };
}

test("an authority signs itself, may sign others, and is good for ten years", () => {
  const certificate = parsed(ca);
  assert.equal(certificate.subject, "CN=kubernetes");
  assert.equal(certificate.ca, true);
  assert.ok(certificate.verify(certificate.publicKey));
  assert.equal(validity(certificate).days, 3651);
});

test("a certificate is signed by its authority, and by no other", async () => {
  const certificate = parsed(await ca.issue(serverRequest, now));
  const other = parsed(await createCertificateAuthority("kubernetes", now));
  assert.ok(certificate.checkIssued(parsed(ca)));
  assert.ok(certificate.verify(parsed(ca).publicKey));
  assert.equal(certificate.verify(other.publicKey), false);
  assert.equal(certificate.ca, false);
});

test("a certificate is good for a year after its issue, and from a day before it", async () => {
  const { fromMs, days } = validity(parsed(await ca.issue(serverRequest, now)));
  assert.equal(days, 366);
  assert.ok(Math.abs(fromMs + DAY_MS) <= 1_000, `${fromMs} ms`);
});

test("a server's certificate has its names and addresses, and is for servers", async () => {
  const certificate = parsed(await ca.issue(serverRequest, now));
  assert.deepEqual(certificate.keyUsage, [SERVER_AUTH]);
  assert.deepEqual(certificate.subjectAltName?.split(", "), [
    "DNS:kubernetes.default.svc",
    "DNS:localhost",
    "IP Address:127.0.0.1",
    "IP Address:0:0:0:0:0:0:0:1",
    "IP Address:10.96.0.1",
  ]);
});

test("a client's certificate has its groups and name, and is for clients", async () => {
  const certificate = parsed(await ca.issue(clientRequest, now));
  assert.deepEqual(certificate.keyUsage, [CLIENT_AUTH]);
  assert.deepEqual(certificate.subject.split("\n"), ["O=system:nodes", "O=other", "CN=system:node:a"]);
  assert.equal(certificate.subjectAltName, undefined);
});

test("serial numbers are positive and differ", async () => {
  const pairs = await Promise.all(Array.from({ length: 20 }, () => ca.issue(clientRequest, now)));
  const serials = pairs.map((pair) => parsed(pair).serialNumber);
  assert.equal(new Set(serials).size, serials.length);
  for (const serial of serials) assert.match(serial, /^[4-7][0-9A-F]{31}$/);
});

test("an authority that was written down signs as before", async () => {
  const loaded = await loadCertificateAuthority(ca);
  assert.equal(loaded.certificate.trim(), ca.certificate.trim());
  assert.ok(parsed(await loaded.issue(serverRequest, now)).verify(parsed(ca).publicKey));
});

test("an authority that another program made signs under its own name and key identifier", async () => {
  const keys = await webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const foreign = await x509.X509CertificateGenerator.createSelfSigned(
    {
      // A country is written as PrintableString.
      name: "C=KR, O=Fairlead, CN=of before",
      keys,
      signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.SubjectKeyIdentifierExtension("0102030405"),
      ],
    },
    webcrypto,
  );
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  const authority = await loadCertificateAuthority({
    certificate: foreign.toString("pem"),
    key: x509.PemConverter.encode(key, "PRIVATE KEY"),
  });
  const { certificate } = await authority.issue(serverRequest, now);
  const issued = new x509.X509Certificate(certificate);
  assert.ok(parsed({ certificate }).checkIssued(parsed({ certificate: foreign.toString("pem") })));
  assert.ok(parsed({ certificate }).verify(parsed({ certificate: foreign.toString("pem") }).publicKey));
  assert.equal(issued.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId, "0102030405");
});

test("addresses are those that were asked for, however they are written", async () => {
  const addresses = ["fd00:10:244::1", "::", "::ffff:192.0.2.1", "2001:db8:0:0:1:0:0:1"];
  const certificate = parsed(await ca.issue({ ...serverRequest, dnsNames: [], addresses }, now));
  for (const address of addresses) assert.equal(certificate.checkIP(address), address, address);
  await assert.rejects(
    ca.issue({ ...serverRequest, addresses: ["localhost"] }, now),
    /"localhost": it is no IP address/,
  );
});

/** A server that answers with the name of its client, or with why it does not trust it. */
async function serve(t: TestContext, authority: CertificateAuthority, request: LeafRequest): Promise<number> {
  const { certificate, key } = await authority.issue(request, now);
  const options = { cert: certificate, key, ca: ca.certificate, requestCert: true, rejectUnauthorized: false };
  const server = createServer(options, (socket) => {
    const name = socket.getPeerCertificate().subject?.CN;
    socket.end(socket.authorized ? String(name) : String(socket.authorizationError));
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function shakeHands(port: number, options: ConnectionOptions): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port, ca: ca.certificate, ...options });
  return await text(socket);
}

const stranger = await createCertificateAuthority("kubernetes", now);
const handshakes: {
  name: string;
  authority?: CertificateAuthority;
  request?: LeafRequest;
  client?: { readonly authority: CertificateAuthority; readonly request: LeafRequest };
  want: RegExp;
}[] = [
  { name: "client and server trust each other", want: /^system:node:a$/ },
  { name: "a server of another authority is not trusted", authority: stranger, want: /self.signed|unable to verify/i },
  {
    name: "a server under another address is not trusted",
    request: { ...serverRequest, addresses: ["192.0.2.1"] },
    want: /does not match certificate/,
  },
  {
    name: "a client's certificate is not good for a server",
    request: { ...clientRequest, addresses: ["127.0.0.1"] },
    want: /purpose/,
  },
  {
    name: "a client of another authority is not trusted",
    client: { authority: stranger, request: clientRequest },
    want: /UNABLE_TO_VERIFY|SELF_SIGNED|SIGNATURE/,
  },
  {
    name: "a server's certificate is not good for a client",
    client: { authority: ca, request: serverRequest },
    want: /INVALID_PURPOSE/,
  },
];
for (const { name, authority = ca, request = serverRequest, client, want } of handshakes) {
  test(`TLS: ${name}`, async (t) => {
    const port = await serve(t, authority, request);
    const { authority: clientAuthority, request: asked } = client ?? { authority: ca, request: clientRequest };
    const { certificate, key } = await clientAuthority.issue(asked, now);
    const answer = await shakeHands(port, { cert: certificate, key }).catch((error: Error) => error.message);
    assert.match(answer, want);
  });
}
