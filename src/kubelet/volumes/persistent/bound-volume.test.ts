import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "@fairlead/api/complete.testing";
import type { Node } from "@fairlead/api/core/v1/node/node";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Draft } from "@fairlead/api/schema";
import { testPod } from "../../testing/pods.testing.ts";
import { claimRefusal, mountRefusal, volumeRefusal } from "./bound-volume.ts";

function claim(status: string, volumeName = "disk", deletionTimestamp?: string): PersistentVolumeClaim {
  return complete(persistentVolumeClaimKind, {
    metadata: { name: "data", namespace: "shop", uid: "uid-data", deletionTimestamp },
    spec: { volumeName },
    status: { phase: status },
  });
}

function volume(spec: Draft<PersistentVolume["spec"]>): PersistentVolume {
  return complete(persistentVolumeKind, { metadata: { name: "disk" }, spec });
}

const claims: { name: string; claim: PersistentVolumeClaim; want: string | undefined }[] = [
  { name: "bound", claim: claim("Bound"), want: undefined },
  { name: "not bound", claim: claim("Pending", ""), want: "PVC is not bound" },
  { name: "lost", claim: claim("Lost"), want: "PVC is not bound" },
  { name: "without a volume", claim: claim("Bound", ""), want: "PVC has empty pvc.Spec.VolumeName" },
  { name: "on its way out", claim: claim("Bound", "disk", "2026-01-01T00:00:00Z"), want: "PVC is being deleted" },
];

for (const { name, claim: of, want } of claims) {
  test(`claimRefusal: ${name}`, () => assert.equal(claimRefusal(of), want));
}

const mounting = testPod({
  initContainers: [{ name: "fill", volumeMounts: [{ name: "v", mountPath: "/v" }] }],
  volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }],
});

const volumes: { name: string; volume: PersistentVolume; want: string | undefined }[] = [
  { name: "the claim's", volume: volume({ claimRef: { uid: "uid-data" } }), want: undefined },
  {
    name: "nobody's",
    volume: volume({}),
    want: 'found PV object "disk" but it has a nil pv.Spec.ClaimRef indicating it is not yet bound to the claim',
  },
  {
    name: "somebody else's",
    volume: volume({ claimRef: { uid: "other" } }),
    want: 'found PV object "disk" but its pv.Spec.ClaimRef.UID "other" does not point to claim.UID "uid-data"',
  },
  {
    name: "a disk that is mounted as a file system",
    volume: volume({ claimRef: { uid: "uid-data" }, volumeMode: "Block" }),
    want: "volume v has volumeMode Block, but is specified in volumeMounts",
  },
];

for (const { name, volume: of, want } of volumes) {
  test(`volumeRefusal: ${name}`, () => {
    assert.equal(volumeRefusal(of, { claim: claim("Bound"), pod: mounting, volumeName: "v" }), want);
  });
}

const nodeAffinity = {
  required: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: "disk", operator: "In" as const, values: ["fast"] }] }],
  },
};
const nodeWith = (disk: string): Node => complete(nodeKind, { metadata: { name: "node-1", labels: { disk } } });
const hostPath = { path: "/data" };

const mounts: { name: string; volume: PersistentVolume; node?: Node; want: string | undefined }[] = [
  { name: "a directory of the node", volume: volume({ hostPath }), want: undefined },
  {
    name: "a local one",
    volume: volume({ local: { path: "/disk" }, nodeAffinity }),
    node: nodeWith("fast"),
    want: undefined,
  },
  {
    name: "a local one of other nodes",
    volume: volume({ local: { path: "/disk" }, nodeAffinity }),
    node: nodeWith("slow"),
    want: 'MountVolume.NodeAffinity check failed for volume "disk" : no matching NodeSelectorTerms',
  },
  {
    name: "one of a file server",
    volume: volume({ nfs: { server: "s", path: "/" } }),
    want: 'MountVolume.SetUp failed for volume "disk" : persistent volumes of type nfs are not supported',
  },
  {
    name: "options that nobody heeds",
    volume: volume({ hostPath, mountOptions: ["noexec"] }),
    want: 'MountVolume.MountOptionSupport check failed for volume "disk" : Mount options are not supported for volume type',
  },
];

for (const { name, volume: of, node, want } of mounts) {
  test(`mountRefusal: ${name}`, () => assert.equal(mountRefusal(of, node), want));
}
