import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { type OwnedPodTraits, ownedPod, replicaSet } from "../replicaset/objects.testing.ts";
import { adoptionPatch, planClaims, releasePatch } from "./claim.ts";

const owner = replicaSet(1);
const ending: ReplicaSet = { ...owner, metadata: { ...owner.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } };
const stranger = { labels: { app: "other" } };

const cases: { name: string; of?: ReplicaSet; pod: OwnedPodTraits; want: string }[] = [
  { name: "its own", pod: {}, want: "owned" },
  { name: "its own, while it is on its way out", of: ending, pod: {}, want: "owned" },
  { name: "its own that it does not select any more", pod: stranger, want: "released" },
  { name: "which it keeps while it is on its way out", of: ending, pod: stranger, want: "" },
  { name: "an orphan that it selects", pod: { controller: null }, want: "adopted" },
  { name: "an orphan, while the owner is on its way out", of: ending, pod: { controller: null }, want: "" },
  { name: "a deleted orphan", pod: { controller: null, terminating: true }, want: "" },
  { name: "an orphan that it does not select", pod: { ...stranger, controller: null }, want: "" },
  { name: "another owner's that it would select", pod: { controller: "uid-other" }, want: "" },
];
for (const { name, of = owner, pod, want } of cases) {
  test(`planClaims: ${name}`, () => {
    const claims = planClaims(of, [ownedPod("p", pod)]);
    const found = Object.entries(claims).flatMap(([claim, objects]) => (objects.length > 0 ? [claim] : []));
    assert.equal(found.join(), want);
  });
}

test("patches name the object that they are for", () => {
  assert.deepEqual(adoptionPatch(owner, ownedPod("p")), {
    metadata: {
      uid: "uid-p",
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: "web",
          uid: "uid-rs",
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
  });
  assert.deepEqual(releasePatch(owner, ownedPod("p")), {
    metadata: { uid: "uid-p", ownerReferences: [{ $patch: "delete", uid: "uid-rs" }] },
  });
});
