import { post } from "./attempts.testing.ts";
import type { Escape } from "./escape.testing.ts";
import { denied, unauthorized } from "./says.testing.ts";

const path = "/api/v1/namespaces";
const X509 = "Kubernetes: X.509 client certificates";

/** Certificates that prove nothing, or less than their holder hopes. */
export const certificateEscapes: readonly Escape[] = [
  {
    name: "a certificate in the name of system:masters from another authority of the same name",
    rule: "RFC 5280 6.1.3: signature",
    as: "of another authority",
    attempt: { path },
    want: { code: 401, says: unauthorized("verifying certificate failed: UNABLE_TO_VERIFY_LEAF_SIGNATURE") },
  },
  {
    name: "a certificate that has expired",
    rule: "RFC 5280 6.1.3: validity",
    as: "expired",
    attempt: { path },
    want: { code: 401, says: unauthorized("verifying certificate failed: CERT_HAS_EXPIRED") },
  },
  {
    name: "a certificate that has expired since its connection began",
    rule: "RFC 5280 6.1.3: validity",
    as: "expired since its handshake",
    attempt: { path },
    want: { code: 401, says: unauthorized("verifying certificate failed: CERT_HAS_EXPIRED") },
  },
  {
    name: "a certificate from next week",
    rule: "RFC 5280 6.1.3: not yet valid",
    as: "not yet valid",
    attempt: { path },
    want: { code: 401, says: unauthorized("verifying certificate failed: CERT_NOT_YET_VALID") },
  },
  {
    name: "a server's certificate shown by a client",
    rule: "RFC 5280 4.2.1.12: extended key usage",
    as: "of a server",
    attempt: { path },
    want: { code: 401, says: unauthorized("verifying certificate failed: INVALID_PURPOSE") },
  },
  {
    name: "a certificate without a common name, whose organization is system:masters",
    rule: X509,
    as: "no common name",
    attempt: { path },
    want: { code: 403, says: denied("system:anonymous", "list", "namespaces") },
  },
  {
    name: "two groups in one organization, with a comma",
    rule: X509,
    as: "two groups in one organization",
    attempt: { path },
    want: { code: 403, says: denied("mallory", "list", "namespaces") },
  },
  {
    name: "an organization spelled inside the common name",
    rule: X509,
    as: "a group in the common name",
    attempt: { path },
    want: { code: 403, says: denied("mallory,O=system:masters", "list", "namespaces") },
  },
  {
    name: "an organization system:masters between spaces",
    rule: X509,
    as: "a group with spaces",
    attempt: { path },
    want: { code: 403, says: denied("mallory", "list", "namespaces") },
  },
  {
    name: "an organization SYSTEM:MASTERS",
    rule: X509,
    as: "a group in capitals",
    attempt: { path },
    want: { code: 403, says: denied("mallory", "list", "namespaces") },
  },
  {
    name: "an anonymous client claims system:masters by the headers of an authenticating proxy",
    rule: "Kubernetes: authenticating proxy needs --requestheader-client-ca-file",
    as: "nobody",
    attempt: {
      path,
      headers: [
        ["X-Remote-User", "root"],
        ["X-Remote-Group", "system:masters"],
      ],
    },
    want: { code: 403, says: denied("system:anonymous", "list", "namespaces") },
  },
  {
    name: "a known user claims system:masters by the headers of an authenticating proxy",
    rule: "Kubernetes: authenticating proxy needs --requestheader-client-ca-file",
    as: "jane",
    attempt: {
      path,
      headers: [
        ["X-Remote-User", "root"],
        ["X-Remote-Group", "system:masters"],
        ["X-Remote-Extra-Scopes", "all"],
      ],
    },
    want: { code: 403, says: denied("jane", "list", "namespaces") },
  },
  {
    name: "a password",
    rule: "Kubernetes: no basic authentication since 1.19",
    as: "nobody",
    attempt: { path, headers: [["Authorization", "Basic YWRtaW46YWRtaW4="]] },
    want: { code: 403, says: denied("system:anonymous", "list", "namespaces") },
  },
  {
    name: "an anonymous client asks who it is and is in no authenticated group",
    rule: "Kubernetes: anonymous authentication reaches health and version alone",
    as: "nobody",
    attempt: post("/apis/authentication.k8s.io/v1/selfsubjectreviews", {
      apiVersion: "authentication.k8s.io/v1",
      kind: "SelfSubjectReview",
    }),
    want: {
      code: 403,
      says: denied("system:anonymous", "create", "selfsubjectreviews", { group: "authentication.k8s.io" }),
    },
  },
];
