import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "@fairlead/api/complete.testing";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Kind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";
import { StatusError } from "@fairlead/api/status-error";
import { admissionRequest } from "./admission-request.testing.ts";
import { persistentVolumeClaimResize } from "./persistentvolumeclaim-resize.ts";
import { storageObjectInUseProtection } from "./storage-object-in-use-protection.ts";

async function finalizersOf<T extends KubeObject>(kind: Kind<T>, finalizers: readonly string[]) {
  const draft: Draft<KubeObject> = { metadata: { name: "x", namespace: "shop", finalizers } };
  // Metadata is the same in every kind.
  const object = complete(kind, draft as Draft<NoInfer<T>>);
  const admitted = await storageObjectInUseProtection.admit?.(admissionRequest({ kind, object }));
  return admitted?.metadata.finalizers ?? [];
}

test("a new volume or claim is held until it is no longer in use", async () => {
  assert.deepEqual(await finalizersOf(persistentVolumeKind, []), ["kubernetes.io/pv-protection"]);
  assert.deepEqual(await finalizersOf(persistentVolumeClaimKind, ["mine/x"]), [
    "mine/x",
    "kubernetes.io/pvc-protection",
  ]);
  const already = ["kubernetes.io/pvc-protection"];
  assert.deepEqual(await finalizersOf(persistentVolumeClaimKind, already), already);
  assert.deepEqual(await finalizersOf(configMapKind, []), []);
});

function claim(storage: string, phase: string): PersistentVolumeClaim {
  return complete(persistentVolumeClaimKind, {
    metadata: { name: "data", namespace: "shop" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
    status: { phase },
  });
}

const resizes: { name: string; phase: string; after: string; want: string }[] = [
  { name: "the same size", phase: "Bound", after: "5120Mi", want: "passes" },
  { name: "less", phase: "Bound", after: "4Gi", want: "passes" },
  {
    name: "more of a volume",
    phase: "Bound",
    after: "6Gi",
    want: 'persistentvolumeclaims "data" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
  },
  {
    name: "more, before there is a volume",
    phase: "Pending",
    after: "6Gi",
    want: 'persistentvolumeclaims "data" is forbidden: Only bound persistent volume claims can be expanded',
  },
];

for (const { name, phase, after, want } of resizes) {
  test(`PersistentVolumeClaimResize: ${name}`, async () => {
    const request = admissionRequest({
      kind: persistentVolumeClaimKind,
      object: claim(after, phase),
      previous: claim("5Gi", phase),
    });
    const outcome = await Promise.resolve()
      .then(() => persistentVolumeClaimResize.validate?.(request))
      .then(() => "passes")
      .catch((error: unknown) => (error instanceof StatusError ? error.message : Promise.reject(error)));
    assert.equal(outcome, want);
  });
}
