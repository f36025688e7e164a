import assert from "node:assert/strict";
import { test } from "node:test";
import type { PeerCertificate } from "node:tls";
import type { Authenticator, Credentials } from "./authenticator.ts";
import { bearerToken } from "./bearer-token.ts";
import { clientCertificateAuthenticator } from "./client-certificate-authenticator.ts";
import { unionAuthenticator } from "./union-authenticator.ts";

const NOW = Date.UTC(2026, 5, 1);

/** Knows one token. */
const tokens: Authenticator = {
  async authenticate(credentials) {
    const token = bearerToken(credentials);
    if (token !== "good") return typeof token === "object" ? token : undefined;
    return { name: "token-user", uid: "", groups: [], extra: {} };
  },
};

const cases: { name: string; credentials: Partial<Credentials>; want: string }[] = [
  { name: "no credentials are the anonymous user", credentials: {}, want: "anonymous" },
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
    want: "anonymous",
  },
  {
    name: "a bad certificate",
    credentials: { certificateError: "CERT_HAS_EXPIRED" },
    want: "refused: verifying certificate failed: CERT_HAS_EXPIRED",
  },
  {
    name: "a certificate that expired after its handshake",
    credentials: { certificate: { ...certificate("alice", "dev"), valid_to: "May 31 00:00:00 2026 GMT" } },
    want: "refused: verifying certificate failed: CERT_HAS_EXPIRED",
  },
  {
    name: "a certificate that is not valid any more because the clock was set back",
    credentials: { certificate: { ...certificate("alice", "dev"), valid_from: "Jun  2 00:00:00 2026 GMT" } },
    want: "refused: verifying certificate failed: CERT_NOT_YET_VALID",
  },
  {
    name: "a good token beside a bad certificate",
    credentials: { certificateError: "x", headers: { authorization: "Bearer good" } },
    want: "token-user system:authenticated",
  },
  {
    name: "an unknown token",
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
  { name: "another scheme", credentials: { headers: { authorization: "Basic good" } }, want: "anonymous" },
  {
    name: "two spaces before the token",
    credentials: { headers: { authorization: "Bearer  good" } },
    want: "anonymous",
  },
  {
    name: "a token among the subprotocols of a WebSocket",
    credentials: webSocket(`v5.channel.k8s.io, ${subprotocol("good")}`),
    want: "token-user system:authenticated",
  },
  {
    name: "a token among the subprotocols of a request for no WebSocket",
    credentials: { headers: { "sec-websocket-protocol": `v5.channel.k8s.io, ${subprotocol("good")}` } },
    want: "anonymous",
  },
  {
    name: "a bad token among the subprotocols",
    credentials: webSocket(`v5.channel.k8s.io, ${subprotocol("bad")}`),
    want: "refused: invalid bearer token",
  },
  {
    name: "a token as the only subprotocol",
    credentials: webSocket(subprotocol("good")),
    want: "refused: missing additional subprotocol",
  },
  {
    name: "two tokens among the subprotocols",
    credentials: webSocket(`v5.channel.k8s.io, ${subprotocol("good")}, ${subprotocol("good")}`),
    want: "refused: multiple base64.bearer.authorization tokens specified",
  },
  {
    name: "a subprotocol that is not base64url",
    credentials: webSocket(`v5.channel.k8s.io, ${subprotocol("good")}=`),
    want: "refused: invalid base64.bearer.authorization token encoding",
  },
  {
    name: "a subprotocol that is no text",
    credentials: webSocket("v5.channel.k8s.io, base64url.bearer.authorization.k8s.io._w"),
    want: "refused: invalid base64.bearer.authorization token",
  },
];

for (const { name, credentials, want } of cases) {
  test(`unionAuthenticator: ${name}`, async () => {
    const result = await unionAuthenticator([clientCertificateAuthenticator({ now: () => NOW }), tokens]).authenticate({
      headers: {},
      ...credentials,
    });
    if (result === undefined) assert.equal("anonymous", want);
    else if ("failure" in result) assert.equal(`refused: ${result.failure}`, want);
    else assert.equal(`${result.name} ${result.groups.join(",")}`, want);
  });
}

function certificate(CN: string | undefined, O: string | string[]): PeerCertificate {
  // Only what the authenticator reads.
  const times = { valid_from: "Jan  1 00:00:00 2026 GMT", valid_to: "Jan  1 00:00:00 2027 GMT" };
  return { subject: { CN, O }, fingerprint256: "AB:CD", ...times } as unknown as PeerCertificate;
}

function subprotocol(token: string): string {
  return `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString("base64url")}`;
}

function webSocket(protocols: string): Partial<Credentials> {
  return { headers: { connection: "Upgrade", upgrade: "websocket", "sec-websocket-protocol": protocols } };
}
