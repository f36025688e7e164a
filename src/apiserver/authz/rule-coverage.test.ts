import assert from "node:assert/strict";
import { test } from "node:test";
import type { PolicyRule } from "@fairlead/api/rbac/v1/rules";
import { ruleText, uncoveredRules } from "./rule-coverage.ts";

const rule = (verbs: string, resources: string, names?: string): PolicyRule => ({
  verbs: verbs.split(","),
  apiGroups: [""],
  resources: resources.split(","),
  ...(names !== undefined && { resourceNames: names.split(",") }),
});

const cases: { name: string; held: PolicyRule[]; wanted: PolicyRule; want: string[] }[] = [
  { name: "the same rule", held: [rule("get", "pods")], wanted: rule("get", "pods"), want: [] },
  {
    name: "two rules together",
    held: [rule("get", "pods"), rule("list", "pods")],
    wanted: rule("get,list", "pods"),
    want: [],
  },
  {
    name: "one verb is missing",
    held: [rule("get", "pods")],
    wanted: rule("get,list,watch", "pods"),
    want: ['{APIGroups:[""], Resources:["pods"], Verbs:["list" "watch"]}'],
  },
  { name: "every verb covers one", held: [rule("*", "pods")], wanted: rule("get,list", "pods"), want: [] },
  {
    name: "one verb does not cover every verb",
    held: [rule("get", "pods")],
    wanted: rule("*", "pods"),
    want: ['{APIGroups:[""], Resources:["pods"], Verbs:["*"]}'],
  },
  { name: "every resource covers subresources", held: [rule("get", "*")], wanted: rule("get", "pods/log"), want: [] },
  { name: "a subresource of every resource", held: [rule("get", "*/log")], wanted: rule("get", "pods/log"), want: [] },
  {
    name: "a name is less than all names",
    held: [rule("get", "pods", "a")],
    wanted: rule("get", "pods"),
    want: ['{APIGroups:[""], Resources:["pods"], Verbs:["get"]}'],
  },
  { name: "all names are more than a name", held: [rule("get", "pods")], wanted: rule("get", "pods", "a,b"), want: [] },
  {
    name: "one of two names",
    held: [rule("get", "pods", "a")],
    wanted: rule("get", "pods", "a,b"),
    want: ['{APIGroups:[""], Resources:["pods"], ResourceNames:["b"], Verbs:["get"]}'],
  },
  {
    name: "a path below a star",
    held: [{ verbs: ["get"], nonResourceURLs: ["/healthz/*"] }],
    wanted: { verbs: ["get"], nonResourceURLs: ["/healthz/etcd"] },
    want: [],
  },
  {
    name: "a path of a user without any",
    held: [rule("*", "*")],
    wanted: { verbs: ["get"], nonResourceURLs: ["/metrics"] },
    want: ['{NonResourceURLs:["/metrics"], Verbs:["get"]}'],
  },
];

for (const { name, held, wanted, want } of cases) {
  test(`uncoveredRules: ${name}`, () => {
    assert.deepEqual(uncoveredRules(held, [wanted]).map(ruleText), want);
  });
}
