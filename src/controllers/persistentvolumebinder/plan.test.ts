import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { ClaimTraits, VolumeTraits } from "./objects.testing.ts";
import { claim, volume } from "./objects.testing.ts";
import { planClaim, planReclaim, planVolume } from "./plan.ts";

const completed = { "pv.kubernetes.io/bind-completed": "yes" };
const byController = { "pv.kubernetes.io/bound-by-controller": "yes" };
const mine = { namespace: "team", name: "c", uid: "uid-c" };
const others = { namespace: "team", name: "other", uid: "uid-other" };
const NO_VOLUME = "no persistent volumes available for this claim and no storage class is set";

const claims: { name: string; claim?: ClaimTraits; volumes: VolumeTraits[]; want: string }[] = [
  { name: "no volumes", volumes: [], want: `wait FailedBinding: ${NO_VOLUME}` },
  { name: "one that fits", volumes: [{}], want: "bind v" },
  {
    name: "of several the smallest",
    volumes: [
      { name: "a", size: "9Gi" },
      { name: "b", size: "6Gi" },
    ],
    want: "bind b",
  },
  { name: "of the same size the first by name", volumes: [{ name: "b" }, { name: "a" }], want: "bind a" },
  { name: "all too small", volumes: [{ size: "4Gi" }], want: `wait FailedBinding: ${NO_VOLUME}` },
  {
    name: "as few further access modes as possible",
    volumes: [
      { name: "a", size: "5Gi", accessModes: ["ReadWriteOnce", "ReadOnlyMany"] },
      { name: "b", size: "9Gi" },
    ],
    want: "bind b",
  },
  {
    name: "more access modes than are wanted",
    volumes: [{ accessModes: ["ReadWriteOnce", "ReadOnlyMany"] }],
    want: "bind v",
  },
  {
    name: "an access mode that no volume has",
    claim: { accessModes: ["ReadWriteMany"] },
    volumes: [{}],
    want: `wait FailedBinding: ${NO_VOLUME}`,
  },
  {
    name: "a selector",
    claim: { selector: { matchLabels: { tier: "fast" } } },
    volumes: [{ name: "a" }, { name: "b", size: "99Gi", labels: { tier: "fast" } }],
    want: "bind b",
  },
  { name: "no class, said aloud, and no class", claim: { storageClassName: "" }, volumes: [{}], want: "bind v" },
  {
    name: "no class, and volumes of one",
    volumes: [{ storageClassName: "manual" }],
    want: `wait FailedBinding: ${NO_VOLUME}`,
  },
  {
    name: "a class that only volumes name",
    claim: { storageClassName: "manual" },
    volumes: [{ name: "a" }, { name: "b", storageClassName: "manual" }],
    want: "bind b",
  },
  {
    name: "a class without volumes",
    claim: { storageClassName: "manual" },
    volumes: [{}],
    want: 'wait ProvisioningFailed: storageclass.storage.k8s.io "manual" not found',
  },
  {
    name: "a disk among file systems",
    claim: { volumeMode: "Block" },
    volumes: [{ name: "a" }, { name: "b", volumeMode: "Block" }],
    want: "bind b",
  },
  {
    name: "volumes that are taken, on their way out, released or new",
    volumes: [
      { name: "a", claimRef: others },
      { name: "b", terminating: true },
      { name: "c", phase: "Released" },
      { name: "d", phase: "Pending" },
    ],
    want: `wait FailedBinding: ${NO_VOLUME}`,
  },
  {
    name: "one that is kept for it, though another is smaller",
    volumes: [
      { name: "a", size: "5Gi" },
      { name: "b", claimRef: { namespace: "team", name: "c" } },
    ],
    want: "bind b",
  },
  {
    name: "one that was the claim's of that name before",
    volumes: [{ claimRef: { ...mine, uid: "uid-before" } }],
    want: `wait FailedBinding: ${NO_VOLUME}`,
  },
  {
    name: "one whose half of the binding was written before a crash",
    volumes: [
      { name: "a", size: "5Gi" },
      { name: "b", claimRef: mine, annotations: byController, phase: "Bound" },
    ],
    want: "bind b",
  },
  { name: "a deleted claim gets none", claim: { terminating: true }, volumes: [{}], want: "wait" },

  { name: "named: not there", claim: { volumeName: "x" }, volumes: [{}], want: "wait" },
  { name: "named: free", claim: { volumeName: "v" }, volumes: [{}], want: "bind v" },
  { name: "named: kept for it", claim: { volumeName: "v" }, volumes: [{ claimRef: mine }], want: "bind v" },
  {
    name: "named: another claim's",
    claim: { volumeName: "v" },
    volumes: [{ claimRef: others }],
    want: 'wait FailedBinding: volume "v" already bound to a different claim.',
  },
  ...(
    [
      [{}, { size: "4Gi" }, "requested PV is too small"],
      [{}, { storageClassName: "manual" }, "storageClassName does not match"],
      [{}, { volumeMode: "Block" }, "incompatible volumeMode"],
      [{ accessModes: ["ReadWriteMany"] }, {}, "incompatible accessMode"],
      [{}, { terminating: true }, 'the volume is marked for deletion "v"'],
    ] as const
  ).map(([traits, of, why]) => ({
    name: `named: ${why}`,
    claim: { volumeName: "v", ...traits },
    volumes: [of],
    want: `wait VolumeMismatch: Cannot bind to requested volume "v": ${why}`,
  })),

  {
    name: "bound before: all is well",
    claim: { volumeName: "v", annotations: completed },
    volumes: [{ claimRef: mine }],
    want: "bind v",
  },
  {
    name: "bound before: the volume has forgotten it",
    claim: { volumeName: "v", annotations: completed },
    volumes: [{}],
    want: "bind v",
  },
  {
    name: "bound before: the volume is gone",
    claim: { volumeName: "v", annotations: completed },
    volumes: [],
    want: "lose ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!",
  },
  {
    name: "bound before: it names none any more",
    claim: { annotations: completed },
    volumes: [{}],
    want: "lose ClaimLost: Bound claim has lost reference to PersistentVolume. Data on the volume is lost!",
  },
  {
    name: "bound before: the volume is another claim's",
    claim: { volumeName: "v", annotations: completed },
    volumes: [{ claimRef: others }],
    want: "lose ClaimMisbound: Two claims are bound to the same volume, this one is bound incorrectly",
  },
  {
    name: "bound before: the volume came back, kept for whichever claim of the name",
    claim: { volumeName: "v", annotations: completed },
    volumes: [{ claimRef: { namespace: "team", name: "c" } }],
    want: "lose ClaimMisbound: Two claims are bound to the same volume, this one is bound incorrectly",
  },
];

for (const { name, claim: traits, volumes, want } of claims) {
  test(`planClaim: ${name}`, () => {
    const all = volumes.map(volume);
    const plan = planClaim(claim(traits), {
      get: (wanted) => all.find(({ metadata }) => metadata.name === wanted),
      list: () => all,
    });
    const event = plan.do === "bind" ? undefined : plan.event;
    const what = plan.do === "bind" ? `bind ${plan.volume.metadata.name}` : plan.do;
    assert.equal(event === undefined ? what : `${what} ${event.reason}: ${event.message}`, want);
  });
}

const named = { "pv.kubernetes.io/provisioned-by": "example.com/maker" };

const volumes: { name: string; volume: PersistentVolume; claim?: PersistentVolumeClaim; want: object }[] = [
  { name: "unclaimed", volume: volume(), want: { do: "show", phase: "Available" } },
  {
    name: "kept for a claim",
    volume: volume({ claimRef: { namespace: "team", name: "c" } }),
    claim: claim(),
    want: { do: "show", phase: "Available" },
  },
  { name: "its claim is gone", volume: volume({ claimRef: mine }), want: { do: "reclaim" } },
  {
    name: "its claim does not know yet",
    volume: volume({ claimRef: mine }),
    claim: claim(),
    want: { do: "wait", modesDiffer: false },
  },
  {
    name: "its claim wants a disk",
    volume: volume({ claimRef: mine }),
    claim: claim({ volumeMode: "Block" }),
    want: { do: "wait", modesDiffer: true },
  },
  {
    name: "bound",
    volume: volume({ claimRef: mine }),
    claim: claim({ volumeName: "v" }),
    want: { do: "show", phase: "Bound" },
  },
  {
    name: "its claim has another",
    volume: volume({ claimRef: mine }),
    claim: claim({ volumeName: "w" }),
    want: { do: "unbind" },
  },
  {
    name: "made for a claim that has another",
    volume: volume({ claimRef: mine, annotations: named, persistentVolumeReclaimPolicy: "Delete" }),
    claim: claim({ volumeName: "w" }),
    want: { do: "reclaim" },
  },
];

for (const { name, volume: of, claim: its, want } of volumes) {
  test(`planVolume: ${name}`, () => assert.deepEqual(planVolume(of, its), want));
}

const reclaims: { name: string; volume: VolumeTraits; want: string }[] = [
  { name: "retained", volume: { hostPath: { path: "/tmp/v" } }, want: "keep" },
  { name: "deleted, below /tmp", volume: deleted({ hostPath: { path: "/tmp//a/./b/" } }), want: "delete /tmp/a/b" },
  ...["/tmp", "/tmp/.", "/data/tmp/x", "tmp/x"].map((path) => ({
    name: `deleted, ${path}`,
    volume: deleted({ hostPath: { path } }),
    want: `fail VolumeFailedDelete: host_path deleter only supports /tmp/.+ but received provided ${path}`,
  })),
  {
    name: "deleted, on a file server",
    volume: deleted({ nfs: { server: "s", path: "/" } }),
    want: 'fail VolumeFailedDelete: error getting deleter volume plugin for volume "v": no deletable volume plugin matched',
  },
  {
    name: "deleted, local",
    volume: deleted({ local: { path: "/disk" } }),
    want: 'fail VolumeFailedDelete: error getting deleter volume plugin for volume "v": no volume plugin matched',
  },
  { name: "deleted by its creator", volume: deleted({ annotations: named }), want: "keep" },
  { name: "already on its way out", volume: deleted({ terminating: true }), want: "keep" },
  {
    name: "recycled",
    volume: { persistentVolumeReclaimPolicy: "Recycle" },
    want: "fail VolumeFailedRecycle: No recycler plugin found for the volume!",
  },
];

for (const { name, volume: traits, want } of reclaims) {
  test(`planReclaim: ${name}`, () => {
    const plan = planReclaim(volume(traits));
    const detail =
      plan.do === "delete" ? plan.folder : plan.do === "fail" ? `${plan.event.reason}: ${plan.event.message}` : "";
    assert.equal(`${plan.do} ${detail}`.trim(), want);
  });
}

function deleted(traits: VolumeTraits): VolumeTraits {
  return { persistentVolumeReclaimPolicy: "Delete", ...traits };
}
