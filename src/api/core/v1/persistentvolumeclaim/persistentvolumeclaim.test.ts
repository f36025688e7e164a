import assert from "node:assert/strict";
import { test } from "node:test";
import { complete, problemsOf } from "../../../complete.testing.ts";
import type { Draft } from "../../../schema.ts";
import type { PersistentVolumeClaim } from "./persistentvolumeclaim.ts";
import { persistentVolumeClaimKind } from "./persistentvolumeclaim.ts";

const NOW = Date.UTC(2026, 0, 1, 0, 5);
const metadata = { name: "data", namespace: "shop", creationTimestamp: "2026-01-01T00:00:00Z" };

type Spec = Draft<PersistentVolumeClaim["spec"]>;
type Status = Draft<PersistentVolumeClaim["status"]>;

function sized(storage: string): Spec {
  return { resources: { requests: { storage } } };
}

function draft(spec: Spec = {}, status: Status = {}): Draft<PersistentVolumeClaim> {
  return { metadata, spec: { accessModes: ["ReadWriteOnce"], ...sized("5Gi"), ...spec }, status };
}

const refusals: { name: string; spec: Spec; want: string[] }[] = [
  { name: "five gibibytes", spec: {}, want: [] },
  {
    name: "nothing at all",
    spec: { accessModes: [], resources: {} },
    want: [
      "spec.accessModes: Required value: at least 1 access mode is required",
      "spec.resources[storage]: Required value",
    ],
  },
  {
    name: "no storage",
    spec: sized("0"),
    want: ['spec.resources[storage]: Invalid value: "0": must be greater than zero'],
  },
  {
    name: "one pod only, and others too",
    spec: { accessModes: ["ReadWriteOncePod", "ReadWriteOnce"] },
    want: ["spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes"],
  },
  {
    name: "a selector that is none",
    spec: { selector: { matchExpressions: [{ key: "a", operator: "In" }] } },
    want: [
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ],
  },
  { name: "no class, said aloud", spec: { storageClassName: "" }, want: [] },
  {
    name: "two sources of its contents that differ",
    spec: {
      dataSource: { kind: "PersistentVolumeClaim", name: "a" },
      dataSourceRef: { kind: "PersistentVolumeClaim", name: "b" },
    },
    want: ['spec: Invalid value: "spec.dataSource": must match dataSourceRef'],
  },
  {
    name: "a source of the core group that is no claim",
    spec: { dataSource: { kind: "ConfigMap", name: "a" } },
    want: [
      "spec.dataSource: Invalid value: \"ConfigMap\": must be 'PersistentVolumeClaim' when referencing the default apiGroup",
    ],
  },
];

for (const { name, spec, want } of refusals) {
  test(`validatePersistentVolumeClaim: ${name}`, () =>
    assert.deepEqual(problemsOf(persistentVolumeClaimKind, draft(spec)), want));
}

const bound: Status = { phase: "Bound", capacity: { storage: "5Gi" } };
const IMMUTABLE =
  "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

const updates: { name: string; before?: Spec; after: Spec; status?: Status; want: string[] }[] = [
  { name: "a volume, for the first time", after: { volumeName: "disk" }, want: [] },
  {
    name: "another volume",
    before: { volumeName: "disk" },
    after: { volumeName: "other" },
    want: [`${IMMUTABLE}\n- spec.volumeName: "disk"\n+ spec.volumeName: "other"`],
  },
  { name: "a class, where there was none", after: { storageClassName: "fast" }, want: [] },
  {
    name: "another class",
    before: { storageClassName: "" },
    after: { storageClassName: "fast" },
    want: [`${IMMUTABLE}\n- spec.storageClassName: ""\n+ spec.storageClassName: "fast"`],
  },
  {
    name: "more, before there is a volume",
    after: sized("6Gi"),
    want: [
      `${IMMUTABLE}\n- spec.resources: {"requests":{"storage":"5Gi"}}\n+ spec.resources: {"requests":{"storage":"6Gi"}}`,
    ],
  },
  { name: "more of a bound volume", after: sized("6Gi"), status: bound, want: [] },
  {
    name: "less than there is",
    after: sized("4Gi"),
    status: bound,
    want: ["spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"],
  },
  {
    name: "less than was asked for, but more than there is",
    before: sized("9Gi"),
    after: sized("6Gi"),
    status: bound,
    want: [],
  },
];

for (const { name, before = {}, after, status = {}, want } of updates) {
  test(`an update of a PersistentVolumeClaim: ${name}`, () => {
    const previous = complete(persistentVolumeClaimKind, draft(before, status));
    assert.deepEqual(problemsOf(persistentVolumeClaimKind, draft(after, status), previous), want);
  });
}

test("kubectl get pvc prints upstream's columns", () => {
  const cells = (claim: PersistentVolumeClaim) =>
    persistentVolumeClaimKind.columns.map((column) => column.cell(claim, NOW));
  const pending = complete(persistentVolumeClaimKind, draft());
  assert.deepEqual(cells(pending), ["data", "Pending", "", "", "", "", "<unset>", "5m", "Filesystem"]);
  const found = complete(
    persistentVolumeClaimKind,
    draft(
      { volumeName: "disk" },
      { phase: "Bound", capacity: { storage: "20Gi" }, accessModes: ["ReadWriteOnce", "ReadOnlyMany"] },
    ),
  );
  assert.deepEqual(cells(found).slice(1, 5), ["Bound", "disk", "20Gi", "RWO,ROX"]);
  const doomed = { ...found, metadata: { ...found.metadata, deletionTimestamp: "2026-01-01T00:01:00Z" } };
  assert.equal(cells(doomed)[1], "Terminating");
});
