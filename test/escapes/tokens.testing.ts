import type { Escape } from "./escape.testing.ts";
import type { IdentityName } from "./identities.testing.ts";

const path = "/api/v1/namespaces/shop/pods";
const refused = { code: 401, says: /"message":"Unauthorized","reason":"Unauthorized"/ };

const forged: readonly (readonly [as: IdentityName, rule: string])[] = [
  ["token that expired", "RFC 7519 4.1.4: exp"],
  ["token from the future", "RFC 7519 4.1.5: nbf"],
  ["token for another audience", "RFC 7519 4.1.3: aud"],
  ["token for no audience", "RFC 7519 4.1.3: aud"],
  ["token of another issuer", "RFC 7519 4.1.1: iss"],
  ["token without a signature", "CVE-2015-9235: alg none"],
  ["token with a changed payload", "RFC 7515 5.2: signature"],
  ["token with a cut signature", "RFC 7515 5.2: signature"],
  ["token of another key", "RFC 7515 4.1.4: kid names a key, it does not prove one"],
  ["token of another key under its own name", "RFC 7515 4.1.4: kid"],
  ["token signed by the public key", "CVE-2016-10555: RFC 8725 2.1, key confusion"],
  ["token of a deleted pod", "Kubernetes: bound service account tokens"],
  ["token of a deleted secret", "Kubernetes: bound service account tokens"],
  ["token of a deleted account", "Kubernetes: bound service account tokens"],
  ["token of an account made again", "Kubernetes: bound service account tokens, uid"],
  ["token of a pod made again", "Kubernetes: bound service account tokens, uid"],
  ["token whose subject is another account", "Kubernetes: bound service account tokens"],
];

/** Tokens that are no good, and good ones in places where none is read. */
export const tokenEscapes: readonly Escape[] = [
  ...forged.map(([as, rule]) => ({ name: `a ${as}`, rule, as, attempt: { path }, want: refused })),
  {
    name: "a good token without rights",
    rule: "Kubernetes: RBAC denies by default",
    as: "token",
    attempt: { path },
    want: { code: 403, says: /User \\"system:serviceaccount:shop:till\\" cannot list/ },
  },
  {
    name: "a token in the query",
    rule: "RFC 6750 5.3: no bearer tokens in URLs",
    as: "nobody",
    attempt: { path: `${path}?access_token={token}&token={token}` },
    want: { code: 403, says: /system:anonymous/ },
  },
  {
    name: "a good token before a header that claims another user",
    rule: "RFC 9110 5.3: Authorization is one value",
    as: "token",
    attempt: { path, headers: [["Authorization", "Bearer forged"]] },
    want: { code: 403, says: /serviceaccount:shop:till/ },
  },
  {
    name: "no token after the scheme",
    rule: "RFC 6750 2.1: bearer syntax",
    as: "nobody",
    attempt: { path, headers: [["Authorization", "Bearer "]] },
    want: { code: 403, says: /system:anonymous/ },
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
    want: refused,
  },
  {
    name: "a token of 100,000 dots",
    rule: "RFC 7519 7.2: a token of too many parts is refused, at no cost",
    as: "nobody",
    attempt: { path, headers: [["Authorization", `Bearer ${".".repeat(100_000)}`]] },
    want: refused,
  },
  {
    name: "the owner of a namespace asks for a token of an account in another",
    rule: "RBAC: serviceaccounts/token",
    as: "owner",
    attempt: {
      method: "POST",
      path: "/api/v1/namespaces/kube-system/serviceaccounts/default/token",
      body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
    },
    want: { code: 403, says: /cannot create resource \\"serviceaccounts\/token\\"/ },
  },
  {
    name: "a token bound to a pod that is not there",
    rule: "Kubernetes: TokenRequest boundObjectRef",
    as: "admin",
    attempt: {
      method: "POST",
      path: "/api/v1/namespaces/shop/serviceaccounts/till/token",
      body: {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "nope" } },
      },
    },
    want: { code: 404, says: /pods \\"nope\\" not found/ },
  },
  {
    name: "a token bound to a pod of another account",
    rule: "Kubernetes: TokenRequest boundObjectRef",
    as: "admin",
    attempt: {
      method: "POST",
      path: "/api/v1/namespaces/shop/serviceaccounts/default/token",
      body: {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "web-1" } },
      },
    },
    want: { code: 400, says: /cannot bind token for serviceaccount/ },
  },
];
