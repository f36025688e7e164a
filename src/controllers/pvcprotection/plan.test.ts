import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClaimTraits, claim } from "../persistentvolumebinder/objects.testing.ts";
import { pod } from "../service-pods/objects.testing.ts";
import { FINALIZER, planProtection, usesClaim } from "./plan.ts";

const finalizers = [FINALIZER];

const cases: { name: string; claim: ClaimTraits; isUsed: boolean; want: string }[] = [
  { name: "made before there was protection", claim: {}, isUsed: false, want: "add" },
  { name: "protected", claim: { finalizers }, isUsed: false, want: "keep" },
  { name: "deleted and used", claim: { finalizers, terminating: true }, isUsed: true, want: "keep" },
  { name: "deleted and not used", claim: { finalizers, terminating: true }, isUsed: false, want: "remove" },
  { name: "deleted without protection", claim: { terminating: true }, isUsed: false, want: "keep" },
];

for (const { name, claim: traits, isUsed, want } of cases) {
  test(`planProtection of a claim: ${name}`, () => assert.equal(planProtection(claim(traits), isUsed), want));
}

test("a pod uses a claim once it has a node, also when it has ended", () => {
  const uses = (node: string, phase: "Running" | "Succeeded", claimName: string) => {
    const bare = pod({ namespace: "team", node, phase });
    const volumes = [{ name: "v", persistentVolumeClaim: { claimName } }];
    return usesClaim({ ...bare, spec: { ...bare.spec, volumes } }, claim());
  };
  assert.equal(uses("n1", "Running", "c"), true);
  assert.equal(uses("n1", "Succeeded", "c"), true);
  assert.equal(uses("", "Running", "c"), false);
  assert.equal(uses("n1", "Running", "other"), false);
});
