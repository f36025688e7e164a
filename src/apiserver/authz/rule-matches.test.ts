import assert from "node:assert/strict";
import { test } from "node:test";
import type { PolicyRule } from "@fairlead/api/rbac/v1/rules";
import { attributesOf } from "./attributes.testing.ts";
import { ruleAllows } from "./rule-matches.ts";

const pods: PolicyRule = { verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] };
const cases: { name: string; rule: PolicyRule; asked: string; want: boolean }[] = [
  { name: "the verb and the resource of the rule", rule: pods, asked: "get pods default/a", want: true },
  { name: "another verb", rule: pods, asked: "delete pods default/a", want: false },
  {
    name: "a resource of the same name in another group",
    rule: pods,
    asked: "get pods.metrics.k8s.io default/a",
    want: false,
  },
  { name: "a subresource is not its object", rule: pods, asked: "get pods/log default/a", want: false },
  {
    name: "a subresource by name",
    rule: { ...pods, resources: ["pods/log"] },
    asked: "get pods/log default/a",
    want: true,
  },
  {
    name: "a star is every resource and subresource",
    rule: { ...pods, resources: ["*"] },
    asked: "get pods/log default/a",
    want: true,
  },
  {
    name: "a star before a subresource",
    rule: { ...pods, resources: ["*/log"] },
    asked: "get pods/log default/a",
    want: true,
  },
  {
    name: "a star before another subresource",
    rule: { ...pods, resources: ["*/scale"] },
    asked: "get pods/log default/a",
    want: false,
  },
  {
    name: "every verb, every group",
    rule: { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
    asked: "bind roles.rbac.authorization.k8s.io default/a",
    want: true,
  },
  { name: "the name that is listed", rule: { ...pods, resourceNames: ["a"] }, asked: "get pods default/a", want: true },
  {
    name: "a name that is not listed",
    rule: { ...pods, resourceNames: ["a"] },
    asked: "get pods default/b",
    want: false,
  },
  {
    name: "names do not allow lists",
    rule: { ...pods, resourceNames: ["a"] },
    asked: "list pods default/",
    want: false,
  },
  {
    name: "resources do not allow paths",
    rule: { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
    asked: "get /healthz",
    want: false,
  },
  { name: "a path", rule: { verbs: ["get"], nonResourceURLs: ["/healthz"] }, asked: "get /healthz", want: true },
  {
    name: "a path below",
    rule: { verbs: ["get"], nonResourceURLs: ["/healthz"] },
    asked: "get /healthz/etcd",
    want: false,
  },
  {
    name: "a path with a star at the end",
    rule: { verbs: ["get"], nonResourceURLs: ["/healthz/*"] },
    asked: "get /healthz/etcd",
    want: true,
  },
  {
    name: "a path with another verb",
    rule: { verbs: ["get"], nonResourceURLs: ["*"] },
    asked: "post /healthz",
    want: false,
  },
];

for (const { name, rule, asked, want } of cases) {
  test(`ruleAllows: ${name}`, () => {
    assert.equal(ruleAllows(rule, attributesOf(asked)), want);
  });
}
