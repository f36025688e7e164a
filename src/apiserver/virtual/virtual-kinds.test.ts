import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { StatusError } from "@fairlead/api/status-error";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import type { TokenVerifier } from "../authn/token-verifier.ts";
import { userNamed } from "../authz/attributes.testing.ts";
import { rbacAuthorizer } from "../authz/rbac-authorizer.ts";
import { createRbacIndex } from "../authz/rbac-index.ts";
import { createTurns } from "../registry/turns.ts";
import { virtualKinds } from "./virtual-kinds.ts";

const alice = userNamed("alice");
const getPods = { verb: "get", resource: "pods", namespace: "shop" };

const cases: { name: string; kind: string; object: object; user?: typeof alice; want: unknown }[] = [
  {
    name: "a user may what her role allows",
    kind: "selfsubjectaccessreviews.authorization.k8s.io",
    object: { spec: { resourceAttributes: getPods } },
    want: {
      allowed: true,
      reason: 'RBAC: allowed by ClusterRoleBinding "readers" of ClusterRole "reader" to User "alice"',
    },
  },
  {
    name: "and nothing else",
    kind: "selfsubjectaccessreviews.authorization.k8s.io",
    object: { spec: { resourceAttributes: { ...getPods, verb: "delete" } } },
    want: { allowed: false },
  },
  {
    name: "another user is asked about",
    kind: "subjectaccessreviews.authorization.k8s.io",
    object: { spec: { user: "bob", resourceAttributes: getPods } },
    want: { allowed: false },
  },
  {
    name: "no user is asked about",
    kind: "subjectaccessreviews.authorization.k8s.io",
    object: { spec: { resourceAttributes: getPods } },
    want: 'SubjectAccessReview.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified',
  },
  {
    name: "nothing is asked",
    kind: "selfsubjectaccessreviews.authorization.k8s.io",
    object: { spec: {} },
    want: 'SelfSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
  },
  {
    name: "a local review is about its own namespace",
    kind: "localsubjectaccessreviews.authorization.k8s.io",
    object: { metadata: { namespace: "other" }, spec: { user: "alice", resourceAttributes: getPods } },
    want: 'LocalSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes.namespace: Invalid value: "shop": must match metadata.namespace',
  },
  {
    name: "all rules of a user",
    kind: "selfsubjectrulesreviews.authorization.k8s.io",
    object: { spec: { namespace: "shop" } },
    want: {
      resourceRules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }],
      nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/metrics"] }],
      incomplete: false,
    },
  },
  {
    name: "rules need a namespace",
    kind: "selfsubjectrulesreviews.authorization.k8s.io",
    object: { spec: {} },
    want: "no namespace on request",
  },
  {
    name: "who am I",
    kind: "selfsubjectreviews.authentication.k8s.io",
    object: {},
    want: { userInfo: { username: "alice", groups: ["system:authenticated"] } },
  },
  {
    name: "whose is this token",
    kind: "tokenreviews.authentication.k8s.io",
    object: { spec: { token: "good" } },
    want: {
      authenticated: true,
      user: { username: "robot", groups: ["system:authenticated"] },
      audiences: ["api"],
    },
  },
  {
    name: "whose is a token for another audience",
    kind: "tokenreviews.authentication.k8s.io",
    object: { spec: { token: "good", audiences: ["vault"] } },
    want: { error: "wrong audience" },
  },
  {
    name: "whose is something that is no token",
    kind: "tokenreviews.authentication.k8s.io",
    object: { spec: { token: "bad" } },
    want: { error: "invalid bearer token" },
  },
  {
    name: "no token",
    kind: "tokenreviews.authentication.k8s.io",
    object: { spec: {} },
    want: "token is required for TokenReview in authentication",
  },
];

for (const { name, kind, object, user = alice, want } of cases) {
  test(`virtualKinds: ${name}`, async () => {
    const answer = example().get(kind);
    assert.ok(answer !== undefined);
    // Decoded objects have metadata.
    const asked = { metadata: {}, ...object } as unknown as KubeObject;
    const result = await answer(asked, user, { dryRun: false }).catch((error: unknown) => error);
    if (result instanceof StatusError) assert.equal(result.message, want);
    else assert.deepEqual((result as { status?: unknown }).status, want);
  });
}

function example() {
  const rbac = createRbacIndex();
  const meta = (name: string) => ({ name, uid: "", resourceVersion: "", creationTimestamp: "" });
  rbac.setClusterRole("reader", {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: meta("reader"),
    rules: [
      { verbs: ["get"], apiGroups: [""], resources: ["pods"] },
      { verbs: ["get"], nonResourceURLs: ["/metrics"] },
    ],
  });
  rbac.setClusterRoleBinding("readers", {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: meta("readers"),
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "reader" },
    subjects: [{ kind: "User", name: "alice" }],
  });
  return virtualKinds({
    authorizer: rbacAuthorizer(rbac),
    rbac,
    verifier: fakeVerifier,
    audiences: ["api"],
    store: createMemoryStore(),
    turns: createTurns(),
    clock: { now: () => 0 },
  });
}

/** Knows the token `good`, which is for the API server. */
const fakeVerifier: TokenVerifier = {
  async verify(token, audiences) {
    if (token !== "good") return undefined;
    if (!audiences.includes("api")) return { failure: "wrong audience" };
    return { user: { name: "robot", uid: "", groups: [], extra: {} }, audiences: ["api"] };
  },
};
