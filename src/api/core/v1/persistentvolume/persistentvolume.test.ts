import assert from "node:assert/strict";
import { test } from "node:test";
import { complete, problemsOf } from "../../../complete.testing.ts";
import type { Draft } from "../../../schema.ts";
import type { PersistentVolume } from "./persistentvolume.ts";
import { persistentVolumeKind } from "./persistentvolume.ts";

const NOW = Date.UTC(2026, 0, 1, 0, 5);
const metadata = { name: "disk", creationTimestamp: "2026-01-01T00:00:00Z" };
const hostPath = { path: "/data" };
const onNode = {
  required: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["n1"] }] }],
  },
} as const;

type Spec = Draft<PersistentVolume["spec"]>;

function draft(spec: Spec): Draft<PersistentVolume> {
  return { metadata, spec: { capacity: { storage: "20Gi" }, accessModes: ["ReadWriteOnce"], ...spec } };
}

const refusals: { name: string; spec: Spec; want: string[] }[] = [
  { name: "a directory of the node", spec: { hostPath }, want: [] },
  { name: "a local directory with its node", spec: { local: { path: "/disk" }, nodeAffinity: onNode }, want: [] },
  {
    name: "nothing at all",
    spec: { capacity: {}, accessModes: [] },
    want: [
      "spec.accessModes: Required value",
      "spec.capacity: Required value",
      'spec.capacity: Unsupported value: {}: supported values: "storage"',
      "spec: Required value: must specify a volume type",
    ],
  },
  {
    name: "two sources",
    spec: { hostPath, nfs: { server: "s", path: "/" } },
    want: ["spec.nfs: Forbidden: may not specify more than 1 volume type"],
  },
  {
    name: "a path that leads upwards",
    spec: { hostPath: { path: "/data/../etc" } },
    want: ["spec.hostPath.path: Invalid value: \"/data/../etc\": must not contain '..'"],
  },
  {
    name: "a type of path that does not exist",
    spec: { hostPath: { path: "/data", type: "Folder" } },
    want: [
      'spec.hostPath.type: Unsupported value: "Folder": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
  },
  {
    name: "another resource than storage, and none of it",
    spec: { hostPath, capacity: { storage: "0", memory: "1Gi" } },
    want: [
      'spec.capacity: Unsupported value: {"storage":"0","memory":"1Gi"}: supported values: "storage"',
      'spec.capacity[storage]: Invalid value: "0": must be greater than zero',
    ],
  },
  {
    name: "an access mode that does not exist",
    spec: { hostPath, accessModes: ["ReadWrite"] },
    want: [
      'spec.accessModes: Unsupported value: "ReadWrite": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
    ],
  },
  {
    name: "one pod only, and others too",
    spec: { hostPath, accessModes: ["ReadWriteOncePod", "ReadOnlyMany"] },
    want: ["spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes"],
  },
  {
    name: "a policy and a mode that do not exist",
    spec: { hostPath, persistentVolumeReclaimPolicy: "Keep", volumeMode: "Tape" },
    want: [
      'spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain"',
      'spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"',
    ],
  },
  {
    name: "the whole machine, recycled",
    spec: { hostPath: { path: "//" }, persistentVolumeReclaimPolicy: "Recycle" },
    want: ["spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"],
  },
  {
    name: "a local directory of no node",
    spec: { local: { path: "/disk/../x" } },
    want: [
      "spec.local.path: Invalid value: \"/disk/../x\": must not contain '..'",
      "spec.nodeAffinity: Required value: Local volume requires node affinity",
    ],
  },
  {
    name: "an affinity without nodes",
    spec: { hostPath, nodeAffinity: {} },
    want: ["spec.nodeAffinity.required: Required value: must specify required node constraints"],
  },
  {
    name: "a CSI volume without what its driver needs",
    spec: { csi: { driver: "Ä", volumeHandle: "", nodeStageSecretRef: { name: "s" } } },
    want: [
      "spec.csi.driver: Invalid value: \"Ä\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      "spec.csi.volumeHandle: Required value",
      "spec.csi.nodeStageSecretRef.namespace: Required value",
    ],
  },
  {
    name: "a disk of a provider without its identity",
    spec: { cephfs: { monitors: [] } },
    want: ["spec.cephfs.monitors: Required value"],
  },
  {
    name: "settings for a volume that has no driver",
    spec: { hostPath, volumeAttributesClassName: "fast" },
    want: ["spec.csi: Required value: has to be specified when using volumeAttributesClassName"],
  },
];

for (const { name, spec, want } of refusals) {
  test(`validatePersistentVolume: ${name}`, () =>
    assert.deepEqual(problemsOf(persistentVolumeKind, draft(spec)), want));
}

const stored = complete(persistentVolumeKind, draft({ hostPath }));

const updates: { name: string; spec: Spec; want: string[] }[] = [
  {
    name: "a claim, another policy and another size are no change of what it is",
    spec: { hostPath, claimRef: { name: "c", namespace: "d" }, capacity: { storage: "30Gi" } },
    want: [],
  },
  {
    name: "another directory",
    spec: { hostPath: { path: "/other" } },
    want: [
      'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n- spec.hostPath: {"path":"/data","type":""}\n+ spec.hostPath: {"path":"/other","type":""}',
    ],
  },
  {
    name: "a disk instead of a file system",
    spec: { hostPath, volumeMode: "Block" },
    want: ['volumeMode: Invalid value: "Block": field is immutable'],
  },
  { name: "nodes, where there were none", spec: { hostPath, nodeAffinity: onNode }, want: [] },
];

for (const { name, spec, want } of updates) {
  test(`an update of a PersistentVolume: ${name}`, () =>
    assert.deepEqual(problemsOf(persistentVolumeKind, draft(spec), stored), want));
}

test("nodes of a PersistentVolume stay, once there are any", () => {
  const withNodes = complete(persistentVolumeKind, draft({ hostPath, nodeAffinity: onNode }));
  assert.deepEqual(problemsOf(persistentVolumeKind, draft({ hostPath }), withNodes), [
    "nodeAffinity: Invalid value: null: field is immutable",
  ]);
});

test("a PersistentVolume is retained, a file system, and Pending, unless it says otherwise", () => {
  assert.equal(stored.spec.persistentVolumeReclaimPolicy, "Retain");
  assert.equal(stored.spec.volumeMode, "Filesystem");
  assert.equal(stored.status.phase, "Pending");
});

test("kubectl get pv prints upstream's columns", () => {
  const bound = complete(persistentVolumeKind, {
    ...draft({
      hostPath,
      accessModes: ["ReadOnlyMany", "ReadWriteOnce"],
      claimRef: { namespace: "shop", name: "data" },
      storageClassName: "slow",
    }),
    status: { phase: "Bound" },
  });
  const cells = (volume: PersistentVolume) => persistentVolumeKind.columns.map((column) => column.cell(volume, NOW));
  assert.deepEqual(cells(bound), [
    ...["disk", "20Gi", "RWO,ROX", "Retain", "Bound", "shop/data", "slow", "<unset>", "", "5m", "Filesystem"],
  ]);
  const doomed = { ...stored, metadata: { ...stored.metadata, deletionTimestamp: "2026-01-01T00:01:00Z" } };
  assert.deepEqual(cells(doomed).slice(4, 7), ["Terminating", "", ""]);
});
