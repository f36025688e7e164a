import assert from "node:assert/strict";
import { test } from "node:test";
import { FINALIZER } from "@fairlead/api/well-known";
import { type ClaimTraits, claim } from "../persistentvolumebinder/objects.testing.ts";
import { pod } from "../service-pods/objects.testing.ts";
import { claimUses, isAmong, planProtection } from "./plan.ts";

const finalizers = [FINALIZER.claimInUse];

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
    return isAmong(claimUses([{ ...bare, spec: { ...bare.spec, volumes } }]), claim());
  };
  assert.equal(uses("n1", "Running", "c"), true);
  assert.equal(uses("n1", "Succeeded", "c"), true);
  assert.equal(uses("", "Running", "c"), false);
  assert.equal(uses("n1", "Running", "other"), false);
});

test("a pod uses a claim of its own until its phase is final, and no claim that only has its name", () => {
  const uses = (metadata: object, ownerUid: string) => {
    const bare = pod({ namespace: "team", name: "p" });
    const volumes = [{ name: "v", ephemeral: {} }];
    const owner = { apiVersion: "v1", kind: "Pod", name: "p", uid: ownerUid, controller: true };
    const own = claim({ name: "p-v" });
    const owned = { ...own, metadata: { ...own.metadata, ownerReferences: [owner] } };
    const used = { ...bare, metadata: { ...bare.metadata, ...metadata }, spec: { ...bare.spec, volumes } };
    return isAmong(claimUses([used]), owned);
  };
  const deletionTimestamp = "2026-01-01T00:00:00Z";
  assert.equal(uses({}, "uid-p"), true);
  assert.equal(uses({ deletionTimestamp, deletionGracePeriodSeconds: 30 }, "uid-p"), true);
  assert.equal(uses({ deletionTimestamp, deletionGracePeriodSeconds: 0 }, "uid-p"), false);
  assert.equal(uses({}, "uid-other"), false);
});
