import type { Escape } from "./escape.testing.ts";

const path = "/api/v1/namespaces";
const X509 = "Kubernetes: X.509 client certificates";
const unauthorized = { code: 401, says: /"reason":"Unauthorized"/ };
const stranger = (name: RegExp) => ({ code: 403, says: name });

/** Certificates that prove nothing, or less than their holder hopes. */
export const certificateEscapes: readonly Escape[] = [
  {
    name: "a certificate in the name of system:masters from another authority of the same name",
    rule: "RFC 5280 6.1.3: signature",
    as: "of another authority",
    attempt: { path },
    want: unauthorized,
  },
  {
    name: "a certificate that has expired",
    rule: "RFC 5280 6.1.3: validity",
    as: "expired",
    attempt: { path },
    want: unauthorized,
  },
  {
    name: "a certificate from next week",
    rule: "RFC 5280 6.1.3: not yet valid",
    as: "not yet valid",
    attempt: { path },
    want: unauthorized,
  },
  {
    name: "a server's certificate shown by a client",
    rule: "RFC 5280 4.2.1.12: extended key usage",
    as: "of a server",
    attempt: { path },
    want: unauthorized,
  },
  {
    name: "a certificate without a common name, whose organization is system:masters",
    rule: X509,
    as: "no common name",
    attempt: { path },
    want: stranger(/system:anonymous/),
  },
  {
    name: "two groups in one organization, with a comma",
    rule: X509,
    as: "two groups in one organization",
    attempt: { path },
    want: stranger(/User \\"mallory\\" cannot list/),
  },
  {
    name: "an organization spelled inside the common name",
    rule: X509,
    as: "a group in the common name",
    attempt: { path },
    want: stranger(/User \\"mallory,O=system:masters\\" cannot list/),
  },
  {
    name: "an organization system:masters between spaces",
    rule: X509,
    as: "a group with spaces",
    attempt: { path },
    want: stranger(/User \\"mallory\\" cannot list/),
  },
  {
    name: "an organization SYSTEM:MASTERS",
    rule: X509,
    as: "a group in capitals",
    attempt: { path },
    want: stranger(/User \\"mallory\\" cannot list/),
  },
  {
    name: "nobody claims system:masters by the headers of an authenticating proxy",
    rule: "Kubernetes: authenticating proxy needs --requestheader-client-ca-file",
    as: "nobody",
    attempt: {
      path,
      headers: [
        ["X-Remote-User", "root"],
        ["X-Remote-Group", "system:masters"],
      ],
    },
    want: stranger(/system:anonymous/),
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
    want: stranger(/User \\"jane\\" cannot list/),
  },
  {
    name: "a password",
    rule: "Kubernetes: no basic authentication since 1.19",
    as: "nobody",
    attempt: { path, headers: [["Authorization", "Basic YWRtaW46YWRtaW4="]] },
    want: stranger(/system:anonymous/),
  },
  {
    name: "nobody asks who it is and is in no authenticated group",
    rule: "Kubernetes: anonymous authentication reaches health and version alone",
    as: "nobody",
    attempt: {
      method: "POST",
      path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
    },
    want: stranger(/system:anonymous/),
  },
];
