import { post } from "./attempts.testing.ts";
import type { Escape } from "./escape.testing.ts";
import type { IdentityName } from "./identities.testing.ts";
import { denied, unauthorized } from "./says.testing.ts";

const path = "/api/v1/namespaces/shop/pods";
const forged: readonly (readonly [as: IdentityName, rule: string, says: string | RegExp])[] = [
  ["token that expired", "RFC 7519 4.1.4: exp", unauthorized("service account token has expired")],
  ["token from the future", "RFC 7519 4.1.5: nbf", unauthorized("service account token is not valid yet")],
  [
    "token for another audience",
    "RFC 7519 4.1.3: aud",
    unauthorized(
      'token audiences ["vault"] is invalid for the target audiences ["https://kubernetes.default.svc.cluster.local"]',
    ),
  ],
  [
    "token for no audience",
    "RFC 7519 4.1.3: aud (stricter than Kubernetes, where a token without one is for the API)",
    unauthorized(
      'token audiences [] is invalid for the target audiences ["https://kubernetes.default.svc.cluster.local"]',
    ),
  ],
  ["token of another issuer", "RFC 7519 4.1.1: iss", unauthorized("invalid bearer token")],
  [
    "token without a signature",
    "CVE-2015-9235: alg none",
    unauthorized('"alg" (Algorithm) Header Parameter value not allowed'),
  ],
  ["token with a changed payload", "RFC 7515 5.2: signature", unauthorized("signature verification failed")],
  ["token with a cut signature", "RFC 7515 5.2: signature", unauthorized("signature verification failed")],
  [
    "token of another key",
    "RFC 7515 4.1.4: kid names a key, it does not prove one",
    unauthorized("signature verification failed"),
  ],
  ["token of another key under its own name", "RFC 7515 4.1.4: kid", unauthorized("no keys found")],
  [
    "token signed by the public key",
    "CVE-2016-10555: RFC 8725 2.1, key confusion",
    unauthorized('"alg" (Algorithm) Header Parameter value not allowed'),
  ],
  [
    "token of a deleted pod",
    "Kubernetes: bound service account tokens",
    unauthorized("service account token has been invalidated"),
  ],
  [
    "token of a deleted secret",
    "Kubernetes: bound service account tokens",
    unauthorized("service account token has been invalidated"),
  ],
  [
    "token of a deleted account",
    "Kubernetes: bound service account tokens",
    unauthorized('serviceaccounts "gone" not found'),
  ],
  [
    "token of an account made again",
    "Kubernetes: bound service account tokens, uid",
    /^Unauthorized: Unauthorized \(service account UID \([-0-9a-f]{36}\) does not match claim \(00000000-0000-4000-8000-000000000000\)\)$/,
  ],
  [
    "token of a pod made again",
    "Kubernetes: bound service account tokens, uid",
    /^Unauthorized: Unauthorized \(pod UID \([-0-9a-f]{36}\) does not match service account pod ref claim \(00000000-0000-4000-8000-000000000000\)\)$/,
  ],
  [
    "token that claims another namespace",
    "Kubernetes: bound service account tokens, the account is looked up",
    unauthorized('serviceaccounts "till" not found'),
  ],
];

/** Tokens that are no good, and good ones in places where none is read. */
export const tokenEscapes: readonly Escape[] = [
  ...forged.map(([as, rule, says]) => ({ name: `a ${as}`, rule, as, attempt: { path }, want: { code: 401, says } })),
  {
    name: "a good token without rights",
    rule: "Kubernetes: RBAC denies by default",
    as: "token",
    attempt: { path },
    want: { code: 403, says: denied("system:serviceaccount:shop:till", "list", "pods", { namespace: "shop" }) },
  },
  {
    name: "a signed token whose subject is another account stands for the account in its own claim",
    rule: "Kubernetes: bound service account tokens, sub is not read",
    as: "token whose subject is another account",
    attempt: { path },
    want: { code: 403, says: denied("system:serviceaccount:shop:till", "list", "pods", { namespace: "shop" }) },
  },
  {
    name: "a token in the subprotocol of what is no WebSocket is not read",
    rule: "Kubernetes: tokens in Sec-WebSocket-Protocol",
    as: "nobody",
    attempt: {
      path,
      headers: [["Sec-WebSocket-Protocol", "v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.Zm9yZ2Vk"]],
    },
    want: { code: 403, says: denied("system:anonymous", "list", "pods", { namespace: "shop" }) },
  },
  {
    name: "a token in the query",
    rule: "RFC 6750 5.3: no bearer tokens in URLs",
    as: "nobody",
    attempt: { path: `${path}?access_token={token}&token={token}` },
    want: { code: 403, says: denied("system:anonymous", "list", "pods", { namespace: "shop" }) },
  },
  {
    name: "a good token before a header that claims another user",
    rule: "RFC 9110 5.3: Authorization is one value",
    as: "token",
    attempt: { path, headers: [["Authorization", "Bearer forged"]] },
    want: { code: 403, says: denied("system:serviceaccount:shop:till", "list", "pods", { namespace: "shop" }) },
  },
  {
    name: "no token after the scheme",
    rule: "RFC 6750 2.1: bearer syntax",
    as: "nobody",
    attempt: { path, headers: [["Authorization", "Bearer "]] },
    want: { code: 403, says: denied("system:anonymous", "list", "pods", { namespace: "shop" }) },
  },
  {
    name: "a forged token in the subprotocol of a WebSocket",
    rule: "Kubernetes: tokens in Sec-WebSocket-Protocol are verified alike",
    as: "nobody",
    attempt: {
      path,
      headers: [
        ["Connection", "Upgrade"],
        ["Upgrade", "websocket"],
        ["Sec-WebSocket-Protocol", "v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.Zm9yZ2Vk"],
      ],
    },
    want: { code: 401, says: unauthorized("invalid bearer token") },
  },
  {
    name: "a token of 100,000 dots",
    rule: "RFC 7519 7.2: a token of too many parts is refused, at no cost",
    as: "nobody",
    attempt: { path, headers: [["Authorization", `Bearer ${".".repeat(100_000)}`]] },
    want: { code: 401, says: unauthorized("invalid bearer token") },
  },
  {
    name: "the owner of a namespace asks for a token of an account in another",
    rule: "RBAC: serviceaccounts/token",
    as: "owner",
    attempt: post("/api/v1/namespaces/kube-system/serviceaccounts/default/token", {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {},
    }),
    want: {
      code: 403,
      says: denied("owner", "create", "serviceaccounts/token", { namespace: "kube-system", name: "default" }),
    },
  },
  {
    name: "a token bound to a pod that is not there",
    rule: "Kubernetes: TokenRequest boundObjectRef",
    as: "admin",
    attempt: post("/api/v1/namespaces/shop/serviceaccounts/till/token", {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "nope" } },
    }),
    want: { code: 404, says: 'NotFound: pods "nope" not found' },
  },
  {
    name: "a token bound to a pod of another account",
    rule: "Kubernetes: TokenRequest boundObjectRef",
    as: "admin",
    attempt: post("/api/v1/namespaces/shop/serviceaccounts/default/token", {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "web-1" } },
    }),
    want: {
      code: 400,
      says: 'BadRequest: cannot bind token for serviceaccount "default" to pod running with different serviceaccount name.',
    },
  },
];
