import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { BoundObjects } from "./bound-objects.ts";
import { jwks } from "./openid.ts";
import type { KubernetesClaim } from "./service-account-claims.ts";
import { serviceAccountTokenAuthenticator } from "./service-account-token-authenticator.ts";
import { type SigningKey, signingKey } from "./signing-key.ts";
import { tokenIssuer } from "./token-issuer.ts";
import { tokenVerifier } from "./token-verifier.ts";
import { unionAuthenticator } from "./union-authenticator.ts";

const ISSUER = "https://kubernetes.default.svc.cluster.local";
const NOW_MS = Date.parse("2026-01-01T00:00:00Z");
const key = ecKey();

const account = { name: "robot", uid: "account-1" };
const bound = { namespace: "shop", serviceaccount: account, pod: { name: "p", uid: "pod-1" }, node: { name: "n1" } };

interface Row {
  readonly name: string;
  readonly claim?: KubernetesClaim;
  readonly audiences?: string[];
  readonly issuer?: string;
  readonly signedBy?: SigningKey;
  /** Between making and using the token. */
  readonly passedSeconds?: number;
  readonly objects?: Partial<BoundObjects>;
  readonly want: string;
}

const rows: Row[] = [
  { name: "a fresh token", want: "system:serviceaccount:shop:robot" },
  { name: "bound to a pod that runs", claim: bound, want: "system:serviceaccount:shop:robot" },
  {
    name: "for another audience",
    audiences: ["vault"],
    want: `token audiences ["vault"] is invalid for the target audiences ["${ISSUER}"]`,
  },
  { name: "of another issuer", issuer: "https://elsewhere", want: "not ours" },
  { name: "signed with another key", signedBy: ecKey(), want: "no keys found" },
  { name: "within the leeway after its end", passedSeconds: 659, want: "system:serviceaccount:shop:robot" },
  { name: "past its end", passedSeconds: 661, want: "service account token has expired" },
  { name: "from the future", passedSeconds: -61, want: "service account token is not valid yet" },
  {
    name: "of an account that was deleted",
    objects: { serviceAccount: missing },
    want: 'serviceaccounts "robot" not found',
  },
  {
    name: "of an account that was recreated",
    objects: { serviceAccount: async () => object("robot", "account-2") },
    want: "service account UID (account-2) does not match claim (account-1)",
  },
  {
    name: "bound to a pod that is gone",
    claim: bound,
    objects: { pod: missing },
    want: "service account token has been invalidated",
  },
  {
    name: "bound to a pod that was recreated",
    claim: bound,
    objects: { pod: async () => object("p", "pod-2") },
    want: "pod UID (pod-2) does not match service account pod ref claim (pod-1)",
  },
  {
    name: "bound to a pod that should have ended a while ago",
    claim: bound,
    objects: { pod: async () => object("p", "pod-1", "2025-12-31T23:58:00Z") },
    want: "service account token has been invalidated",
  },
  {
    name: "bound to a pod that is ending",
    claim: bound,
    objects: { pod: async () => object("p", "pod-1", "2026-01-01T00:00:30Z") },
    want: "system:serviceaccount:shop:robot",
  },
  {
    name: "bound to a Secret that is gone",
    claim: { namespace: "shop", serviceaccount: account, secret: { name: "s", uid: "secret-1" } },
    want: "service account token has been invalidated",
  },
];

for (const { name, want, ...row } of rows) {
  test(`tokenVerifier: a token ${name}`, async () => {
    const verified = await verifierAt(row.passedSeconds ?? 0, row.objects).verify(await issued(row), [ISSUER]);
    assert.equal(
      verified === undefined ? "not ours" : "failure" in verified ? verified.failure : verified.user.name,
      want,
    );
  });
}

test("tokenVerifier: the user has the account's groups, and says which pod and node it speaks for", async () => {
  const token = await issued({ claim: { ...bound, node: { name: "n1", uid: "node-1" } } });
  const authenticator = unionAuthenticator([serviceAccountTokenAuthenticator(verifierAt(0), [ISSUER])]);
  const user = await authenticator.authenticate({ headers: { authorization: `Bearer ${token}` } });
  assert.ok(user !== undefined && !("failure" in user));
  const { "authentication.kubernetes.io/credential-id": credential, ...extra } = user.extra;
  assert.match(credential?.[0] ?? "", /^JTI=[0-9a-f-]{36}$/);
  assert.deepEqual(
    { ...user, extra },
    {
      name: "system:serviceaccount:shop:robot",
      uid: "account-1",
      groups: ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"],
      extra: {
        "authentication.kubernetes.io/pod-name": ["p"],
        "authentication.kubernetes.io/pod-uid": ["pod-1"],
        "authentication.kubernetes.io/node-name": ["n1"],
        "authentication.kubernetes.io/node-uid": ["node-1"],
      },
    },
  );
});

test("tokenVerifier: a token whose claims were changed is not accepted", async () => {
  const [header, payload = "", signature] = (await issued({})).split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const forged = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 1 })).toString("base64url");
  const verified = await verifierAt(0).verify(`${header}.${forged}.${signature}`, [ISSUER]);
  assert.deepEqual(verified, { failure: "signature verification failed" });
});

test("tokenVerifier: RSA keys sign as well, and both kinds are published", async () => {
  const rsa = signingKey(
    generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  );
  const verified = await verifierAt(0, {}, [key, rsa]).verify(await issued({ signedBy: rsa }), [ISSUER]);
  assert.ok(verified !== undefined && !("failure" in verified));
  const { keys } = jwks([key, rsa]) as { keys: { kty: string; alg: string; kid: string; d?: string }[] };
  assert.deepEqual(
    keys.map(({ kty, alg, kid, d }) => [kty, alg, kid, d]),
    [
      ["EC", "ES256", key.keyId, undefined],
      ["RSA", "RS256", rsa.keyId, undefined],
    ],
  );
});

function issued({ claim, audiences = [ISSUER], issuer = ISSUER, signedBy = key }: Partial<Row>): Promise<string> {
  return tokenIssuer({ key: signedBy, issuer, clock: { now: () => NOW_MS } }).issue({
    audiences,
    lifetimeSeconds: 600,
    claim: claim ?? { namespace: "shop", serviceaccount: account },
  });
}

function verifierAt(passedSeconds: number, objects: Partial<BoundObjects> = {}, keys = [key]) {
  return tokenVerifier({
    keys,
    issuer: ISSUER,
    clock: { now: () => NOW_MS + passedSeconds * 1000 },
    objects: {
      serviceAccount: async () => object("robot", "account-1"),
      pod: async () => object("p", "pod-1"),
      secret: missing,
      node: missing,
      ...objects,
    },
  });
}

async function missing(): Promise<undefined> {}

function object(name: string, uid: string, deletionTimestamp?: string): KubeObject {
  const metadata = { name, uid, resourceVersion: "1", creationTimestamp: "", deletionTimestamp };
  return { apiVersion: "v1", kind: "Any", metadata };
}

function ecKey(): SigningKey {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return signingKey(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
}
