import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterRole } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import type { ClusterRoleBinding } from "@fairlead/api/rbac/v1/clusterrolebinding/clusterrolebinding";
import type { PolicyRule } from "@fairlead/api/rbac/v1/rules";
import fc from "fast-check";
import { attributesOf, userNamed } from "./attributes.testing.ts";
import type { Attributes } from "./authorizer.ts";
import { grantShelf } from "./grant-shelf.ts";
import { createRbacIndex, type RbacIndex } from "./rbac-index.ts";
import { ruleAllows } from "./rule-matches.ts";

const user = userNamed("alice", "ops");
const meta = (name: string) => ({ name, uid: "", resourceVersion: "", creationTimestamp: "" });

function setRole(index: RbacIndex, name: string, rules: readonly PolicyRule[] | undefined): void {
  const role = { apiVersion: "", kind: "", metadata: meta(name), rules } as unknown as ClusterRole;
  index.setClusterRole(name, rules === undefined ? undefined : role);
}

function bind(index: RbacIndex, name: string, role: string | undefined, subject: string): void {
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role };
  const subjects = [{ kind: subject === "ops" ? "Group" : "User", name: subject }];
  const binding = {
    apiVersion: "",
    kind: "",
    metadata: meta(name),
    roleRef,
    subjects,
  } as unknown as ClusterRoleBinding;
  index.setClusterRoleBinding(name, role === undefined ? undefined : binding);
}

/** The answer by looking at every grant. */
function byHand(index: RbacIndex, attributes: Attributes): string {
  const missing = new Set<string>();
  for (const grant of index.grants(attributes.user, "shop")) {
    const role = index.resolve(grant);
    if ("missing" in role) missing.add(role.missing);
    else if (role.rules.some((rule) => ruleAllows(rule, attributes))) return grant.bindingName;
  }
  return [...missing].join();
}

function shown(index: RbacIndex, attributes: Attributes): string {
  const { allowedBy, missing } = index.firstAllowing(attributes);
  return allowedBy?.bindingName ?? missing.join();
}

const some = (...values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
const rule: fc.Arbitrary<PolicyRule> = fc.record({
  verbs: some("get", "list", "*"),
  apiGroups: fc.constant([""]),
  resources: some("pods", "pods/log", "secrets", "*", "*/log"),
  resourceNames: fc.oneof(fc.constant([]), some("a", "b", "c")),
});
const roleName = fc.constantFrom("r0", "r1", "r2", "r3");
const step = fc.oneof(
  fc.record({ role: roleName, rules: fc.option(fc.array(rule, { maxLength: 2 }), { nil: undefined }) }),
  fc.record({
    binding: fc.nat(39),
    to: fc.option(roleName, { nil: undefined }),
    subject: fc.constantFrom("alice", "ops", "bob"),
  }),
);
const questions = ["get pods shop/a", "get pods/log shop/b", "list secrets shop/", "get secrets shop/c"];

test("whatever is bound, an answer from memory is the answer by looking at every grant", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const index = createRbacIndex();
      // Enough of them that answers are remembered.
      for (let i = 0; i < 40; i++) bind(index, `b${i}`, `r${i % 5}`, i % 2 === 0 ? "alice" : "ops");
      for (const change of steps) {
        if ("role" in change) setRole(index, change.role, change.rules);
        else bind(index, `b${change.binding}`, change.to, change.subject);
        for (const line of questions) {
          const attributes = attributesOf(line, user);
          assert.equal(shown(index, attributes), byHand(index, attributes), line);
        }
      }
    }),
  );
});

test("a client that asks for ever other resources gets right answers", () => {
  const index = createRbacIndex();
  setRole(index, "reader", [{ verbs: ["get"], apiGroups: [""], resources: ["r7"] }]);
  for (let i = 0; i < 20; i++) bind(index, `b${i}`, "reader", "alice");
  for (let i = 0; i < 1_000; i++) {
    assert.equal(shown(index, attributesOf(`get r${i} shop/a`, user)), i === 7 ? "b0" : "");
  }
  assert.equal(shown(index, attributesOf("get r7 shop/a", user)), "b0");
});

const longText = "x".repeat(1_000);
const topics = [
  { name: "a short topic", line: "get pods shop/a", passes: 1 },
  { name: "a long verb", line: `${longText} pods shop/a`, passes: 3 },
  { name: "a long resource", line: `get ${longText} shop/a`, passes: 3 },
  { name: "a long group", line: `get pods.${longText} shop/a`, passes: 3 },
  { name: "a long subresource", line: `get pods/${longText} shop/a`, passes: 3 },
  { name: "a long name", line: `get pods shop/${longText}`, passes: 1 },
];

for (const { name, line, passes } of topics) {
  test(`grantShelf: asked three times about ${name}, it looks through its grants ${passes} times`, () => {
    let resolved = 0;
    const shelf = grantShelf(() => {
      resolved++;
      return { rules: [{ verbs: ["get"], apiGroups: [""], resources: ["nodes"] }] };
    });
    const subject = { kind: "User", name: "alice", apiGroup: "" };
    const roleRef = { apiGroup: "", kind: "ClusterRole", name: "r" };
    for (let i = 0; i < 20; i++) shelf.set(`b${i}`, { namespace: undefined, bindingName: `b${i}`, roleRef, subject });
    for (let i = 0; i < 3; i++) assert.equal(shelf.ask(attributesOf(line), 1).allowedBy, undefined);
    assert.equal(resolved, 20 * passes);
  });
}
