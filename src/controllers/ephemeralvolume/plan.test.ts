import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "@fairlead/api/complete.testing";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { pod } from "../service-pods/objects.testing.ts";
import { planEphemeral } from "./plan.ts";

function podWithClaim(terminating = false): Pod {
  const bare = pod({ terminating });
  const spec = complete(persistentVolumeClaimKind, {
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  }).spec;
  const volumes = [
    { name: "scratch", ephemeral: { volumeClaimTemplate: { metadata: { labels: { tier: "fast" } }, spec } } },
    { name: "other", emptyDir: {} },
  ];
  return { ...bare, spec: { ...bare.spec, volumes } } as Pod; // Metadata of a template is only labels and annotations.
}

const none = () => undefined;

test("planEphemeral: a claim out of the template, owned by the pod", () => {
  const { create, taken } = planEphemeral(podWithClaim(), none);
  assert.deepEqual(taken, []);
  assert.equal(create.length, 1);
  assert.deepEqual(create[0]?.claim.metadata, {
    name: "p1-scratch",
    namespace: "default",
    labels: { tier: "fast" },
    annotations: undefined,
    ownerReferences: [
      { apiVersion: "v1", kind: "Pod", name: "p1", uid: "uid-p1", controller: true, blockOwnerDeletion: true },
    ],
  });
  assert.deepEqual(create[0]?.claim.spec?.resources?.requests, { storage: "1Gi" });
});

test("planEphemeral: nothing once it is there, or for a pod on its way out", () => {
  const made = planEphemeral(podWithClaim(), none).create[0]?.claim as PersistentVolumeClaim;
  assert.deepEqual(
    planEphemeral(podWithClaim(), () => made),
    { create: [], taken: [] },
  );
  assert.deepEqual(planEphemeral(podWithClaim(true), none), { create: [], taken: [] });
});

test("planEphemeral: a claim of that name with another owner", () => {
  const theirs = complete(persistentVolumeClaimKind, { metadata: { name: "p1-scratch", namespace: "default" } });
  assert.deepEqual(
    planEphemeral(podWithClaim(), () => theirs),
    {
      create: [],
      taken: ["ephemeral volume scratch: PVC default/p1-scratch was not created for pod default/p1 (pod is not owner)"],
    },
  );
});
