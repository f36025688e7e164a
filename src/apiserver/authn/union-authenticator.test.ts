import assert from "node:assert/strict";
import { test } from "node:test";
import type { PeerCertificate } from "node:tls";
import type { Authenticator, Credentials } from "./authenticator.ts";
import { bearerToken } from "./bearer-token.ts";
import { clientCertificateAuthenticator } from "./client-certificate-authenticator.ts";
import { unionAuthenticator } from "./union-authenticator.ts";

/** Knows one token. */
const tokens: Authenticator = {
  async authenticate(credentials) {
    if (bearerToken(credentials) !== "good") return undefined;
    return { name: "token-user", uid: "", groups: [], extra: {} };
  },
};

const cases: { name: string; credentials: Partial<Credentials>; want: string }[] = [
  { name: "no credentials are nobody", credentials: {}, want: "nobody" },
  {
    name: "a certificate",
    credentials: { certificate: certificate("alice", ["dev", "ops"]) },
    want: "alice dev,ops,system:authenticated",
  },
  {
    name: "a certificate with one organization",
    credentials: { certificate: certificate("alice", "dev") },
    want: "alice dev,system:authenticated",
  },
  {
    name: "a certificate without a common name",
    credentials: { certificate: certificate(undefined, "dev") },
    want: "nobody",
  },
  {
    name: "a bad certificate",
    credentials: { certificateError: "CERT_HAS_EXPIRED" },
    want: "refused: verifying certificate failed: CERT_HAS_EXPIRED",
  },
  {
    name: "a good token beside a bad certificate",
    credentials: { certificateError: "x", headers: { authorization: "Bearer good" } },
    want: "token-user system:authenticated",
  },
  {
    name: "a token that nobody knows",
    credentials: { headers: { authorization: "Bearer bad" } },
    want: "refused: invalid bearer token",
  },
  {
    name: "a good certificate beside a bad token",
    credentials: { certificate: certificate("alice", "dev"), headers: { authorization: "Bearer bad" } },
    want: "alice dev,system:authenticated",
  },
  {
    name: "the scheme in any case",
    credentials: { headers: { authorization: "bearer good" } },
    want: "token-user system:authenticated",
  },
  { name: "another scheme", credentials: { headers: { authorization: "Basic good" } }, want: "nobody" },
  {
    name: "a token among the subprotocols of a WebSocket",
    credentials: {
      headers: {
        "sec-websocket-protocol": `v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.${Buffer.from("good").toString("base64url")}`,
      },
    },
    want: "token-user system:authenticated",
  },
];

for (const { name, credentials, want } of cases) {
  test(`unionAuthenticator: ${name}`, async () => {
    const result = await unionAuthenticator([clientCertificateAuthenticator, tokens]).authenticate({
      headers: {},
      ...credentials,
    });
    if (result === undefined) assert.equal("nobody", want);
    else if ("failure" in result) assert.equal(`refused: ${result.failure}`, want);
    else assert.equal(`${result.name} ${result.groups.join(",")}`, want);
  });
}

function certificate(CN: string | undefined, O: string | string[]): PeerCertificate {
  // Only what the authenticator reads.
  return { subject: { CN, O }, fingerprint256: "AB:CD" } as unknown as PeerCertificate;
}
