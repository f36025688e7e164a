import { createHmac, generateKeyPairSync, type KeyObject } from "node:crypto";
import { type JWTHeaderParameters, SignJWT } from "jose";
import { type SigningKey, signingKey } from "../../src/apiserver/authn/signing-key.ts";
import { tokenIssuer } from "../../src/apiserver/authn/token-issuer.ts";
import { TEST_ISSUER } from "../../src/apiserver/testing/start-policy-server.testing.ts";
import { type CertificateAuthority, createCertificateAuthority } from "../../src/cluster/pki/certificate-authority.ts";

/** What one attacker holds. */
export interface Credentials {
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
}

/** Names of client certificates: common name, organizations. Those of components are as `ensureClusterPki` issues them. */
const certified = {
  admin: ["kubernetes-admin", "system:masters"],
  jane: ["jane"],
  owner: ["owner"],
  clerk: ["clerk"],
  mender: ["mender"],
  "rbac-writer": ["rbac-writer"],
  impersonator: ["impersonator"],
  "path-reader": ["path-reader"],
  "node-1": ["system:node:node-1", "system:nodes"],
  "node-1 by name alone": ["system:node:node-1"],
  "a node without a name": ["system:node:", "system:nodes"],
  "dns of node-1": ["system:fairlead:dns:node-1", "system:fairlead:dns"],
  "dns of node-1 by name alone": ["system:fairlead:dns:node-1"],
  "pod network": ["system:fairlead:podnetwork"],
  proxy: ["system:kube-proxy"],
  "two groups in one organization": ["mallory", "system:nodes,system:masters"],
  "a group in the common name": ["mallory,O=system:masters"],
  "a group with spaces": ["mallory", " system:masters "],
  "a group in capitals": ["mallory", "SYSTEM:MASTERS"],
  "no common name": ["", "system:masters"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const faulty = [
  "of another authority",
  "expired",
  "expired since its handshake",
  "not yet valid",
  "of a server",
] as const;

const tokens = [
  "token",
  "token of a pod",
  "token of a secret",
  "token that expired",
  "token from the future",
  "token for another audience",
  "token for no audience",
  "token of another issuer",
  "token without a signature",
  "token with a changed payload",
  "token with a cut signature",
  "token of another key",
  "token of another key under its own name",
  "token signed by the public key",
  "token of a deleted pod",
  "token of a deleted secret",
  "token of a deleted account",
  "token of an account made again",
  "token of a pod made again",
  "token that claims another namespace",
  "token whose subject is another account",
] as const;

export type IdentityName = "nobody" | keyof typeof certified | (typeof faulty)[number] | (typeof tokens)[number];

const DAY_MS = 86_400_000;
/**
 * How far the clock of the server is ahead of the machine's, in milliseconds. TLS reads the machine's: a certificate that
 * ends between the two is good in the handshake, and has expired when the request is authenticated.
 */
export const SERVER_AHEAD_MS = 600_000;

/** The certificates of all identities, signed by the cluster's authority but for the faulty ones. */
export async function certificates(
  ca: CertificateAuthority,
  now: Date,
): Promise<ReadonlyMap<IdentityName, Credentials>> {
  const held = new Map<IdentityName, Credentials>([["nobody", {}]]);
  const give = async (
    name: IdentityName,
    from: CertificateAuthority,
    subject: Parameters<typeof from.issue>[0],
    at = now,
  ) => {
    const { certificate, key } = await from.issue(subject, at);
    held.set(name, { cert: certificate, key });
  };
  for (const [name, [commonName, ...organizations]] of Object.entries(certified)) {
    await give(name as keyof typeof certified, ca, { commonName, organizations, usage: "client" });
  }
  const root = { commonName: "root", organizations: ["system:masters"], usage: "client" } as const;
  await give("of another authority", await createCertificateAuthority("test-ca", now), root);
  await give("expired", ca, root, new Date(now.getTime() - 2 * 365 * DAY_MS));
  await give("expired since its handshake", ca, root, new Date(now.getTime() - 365 * DAY_MS + SERVER_AHEAD_MS / 2));
  await give("not yet valid", ca, root, new Date(now.getTime() + 7 * DAY_MS));
  await give("of a server", ca, { ...root, usage: "server" });
  return held;
}

/** An object that a token is bound to. */
interface Bound {
  readonly name: string;
  readonly uid: string;
}

/** What tokens are made from: a key, the account that they are good for, and objects that are gone. */
export interface TokenParts {
  readonly signingKey: string;
  readonly account: Bound;
  readonly gone: Bound;
  readonly remade: Bound;
  /** A Secret that is there. */
  readonly kept: Bound;
  readonly now: number;
}

/** Tokens of the account `shop/till`, four of them good. */
export async function forgedTokens(parts: TokenParts): Promise<ReadonlyMap<IdentityName, Credentials>> {
  const key = signingKey(parts.signingKey);
  const clock = { now: () => parts.now };
  const issuer = tokenIssuer({ key, issuer: TEST_ISSUER, clock });
  const claim = { namespace: "shop", serviceaccount: parts.account };
  const contents = { audiences: [TEST_ISSUER], lifetimeSeconds: 3600, claim };
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const other = signingKey(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  const past = tokenIssuer({ key, issuer: TEST_ISSUER, clock: { now: () => parts.now - DAY_MS } });
  const future = tokenIssuer({ key, issuer: TEST_ISSUER, clock: { now: () => parts.now + DAY_MS } });
  const good = await issuer.issue(contents);
  const bound = (more: object) => issuer.issue({ ...contents, claim: { ...claim, ...more } });
  const made: readonly (readonly [IdentityName, string])[] = [
    ["token", good],
    ["token of a pod", await bound({ pod: parts.remade })],
    ["token of a secret", await bound({ secret: parts.kept })],
    ["token that expired", await past.issue(contents)],
    ["token from the future", await future.issue(contents)],
    ["token for another audience", await issuer.issue({ ...contents, audiences: ["vault"] })],
    ["token for no audience", await issuer.issue({ ...contents, audiences: [] })],
    ["token of another issuer", await tokenIssuer({ key, issuer: "https://evil.example", clock }).issue(contents)],
    ["token without a signature", withoutSignature(good)],
    ["token with a changed payload", withPayload(good, { sub: "system:serviceaccount:kube-system:default" })],
    ["token with a cut signature", good.slice(0, -4)],
    [
      "token of another key",
      await tokenIssuer({ key: { ...other, keyId: key.keyId }, issuer: TEST_ISSUER, clock }).issue(contents),
    ],
    [
      "token of another key under its own name",
      await tokenIssuer({ key: other, issuer: TEST_ISSUER, clock }).issue(contents),
    ],
    ["token signed by the public key", signedByPublicKey(good, key.publicKey)],
    ["token of a deleted pod", await bound({ pod: parts.gone })],
    ["token of a deleted secret", await bound({ secret: parts.gone })],
    ["token of a deleted account", await bound({ serviceaccount: parts.gone })],
    ["token of an account made again", await bound({ serviceaccount: { ...parts.account, uid: parts.gone.uid } })],
    ["token of a pod made again", await bound({ pod: { ...parts.remade, uid: parts.gone.uid } })],
    ["token that claims another namespace", await bound({ namespace: "kube-system" })],
    [
      "token whose subject is another account",
      await withSubject(good, key, "system:serviceaccount:kube-system:default"),
    ],
  ];
  return new Map(made.map(([name, token]) => [name, { token }]));
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decoded(part: string): object {
  return JSON.parse(Buffer.from(part, "base64url").toString()) as object;
}

function withoutSignature(token: string): string {
  const [head = "", payload] = token.split(".");
  return `${base64url({ ...decoded(head), alg: "none" })}.${payload}.`;
}

function withPayload(token: string, changes: object): string {
  const [head, payload = "", signature] = token.split(".");
  return `${head}.${base64url({ ...decoded(payload), ...changes })}.${signature}`;
}

/** A token that the cluster signed, although none of its programs signs such. */
function withSubject(token: string, key: SigningKey, sub: string): Promise<string> {
  const [head = "", payload = ""] = token.split(".");
  return new SignJWT({ ...decoded(payload), sub })
    .setProtectedHeader(decoded(head) as JWTHeaderParameters)
    .sign(key.privateKey);
}

/** The key confusion of RFC 8725 §2.1: the published key as the secret of an HMAC. */
function signedByPublicKey(token: string, publicKey: KeyObject): string {
  const [head = "", payload] = token.split(".");
  const signed = `${base64url({ ...decoded(head), alg: "HS256" })}.${payload}`;
  const secret = publicKey.export({ type: "spki", format: "pem" });
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
