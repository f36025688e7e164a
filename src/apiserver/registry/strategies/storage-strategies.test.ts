import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "@fairlead/api/complete.testing";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Draft } from "@fairlead/api/schema";
import { persistentVolumeStrategy } from "./persistentvolume-strategy.ts";
import { persistentVolumeClaimStrategy } from "./persistentvolumeclaim-strategy.ts";

const THEN = "2026-01-01T00:00:00Z";
const NOW = "2026-01-02T00:00:00Z";
const TOLD = "2026-01-01T12:00:00Z";

function volume(status: Draft<PersistentVolume["status"]>): PersistentVolume {
  return complete(persistentVolumeKind, { metadata: { name: "disk", creationTimestamp: THEN }, status });
}

const cases: { name: string; status: Draft<PersistentVolume["status"]>; want: string }[] = [
  { name: "another phase", status: { phase: "Bound" }, want: NOW },
  { name: "another phase with the old time", status: { phase: "Bound", lastPhaseTransitionTime: THEN }, want: NOW },
  { name: "another phase, and when", status: { phase: "Bound", lastPhaseTransitionTime: TOLD }, want: TOLD },
  { name: "the same phase", status: { phase: "Available", message: "x" }, want: THEN },
  { name: "the same phase, and when", status: { phase: "Available", lastPhaseTransitionTime: TOLD }, want: TOLD },
];

for (const { name, status, want } of cases) {
  test(`a volume's last transition: ${name}`, () => {
    const before = volume({ phase: "Available", lastPhaseTransitionTime: THEN });
    const after = persistentVolumeStrategy.prepareForStatusUpdate?.(volume(status), before, NOW);
    assert.equal(after?.status.lastPhaseTransitionTime, want);
  });
}

test("a new volume is Pending since its creation, whatever its writer says", () => {
  const created = persistentVolumeStrategy.prepareForCreate?.(volume({ phase: "Bound" }));
  assert.deepEqual(created?.status, { phase: "Pending", lastPhaseTransitionTime: THEN });
});

function created(spec: Draft<PersistentVolumeClaim["spec"]>): PersistentVolumeClaim["spec"] | undefined {
  const claim = complete(persistentVolumeClaimKind, { metadata: { name: "c", namespace: "d" }, spec });
  return persistentVolumeClaimStrategy.prepareForCreate?.(claim).spec;
}

test("where a claim's contents come from is said in both fields", () => {
  const source = { kind: "PersistentVolumeClaim", name: "other" };
  assert.deepEqual(created({ dataSource: source })?.dataSourceRef, source);
  assert.deepEqual(created({ dataSourceRef: source })?.dataSource, source);
  assert.equal(created({ dataSourceRef: { ...source, namespace: "elsewhere" } })?.dataSource, undefined);
});
