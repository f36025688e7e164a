import assert from "node:assert/strict";
import { test } from "node:test";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { startTestApiServer } from "@fairlead/apiserver/testing/start-test-server.testing";
import { testPod } from "../../testing/pods.testing.ts";
import { createClaimSource } from "./claim-source.ts";

const pod = testPod({ volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] });
const other = testPod({ volumes: pod.spec.volumes }, { uid: "uid-2" });
const UNPROCESSED =
  "Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: error processing PVC shop/data: ";

test("a claim's volume is found once it is bound, and stays the pod's", async () => {
  const api = await startTestApiServer();
  const client = api.client();
  const source = createClaimSource({ client, nodeName: "node-1" });
  const ofPod = { volumeName: "v", claimName: "data", readOnly: false, isEphemeral: false };
  const find = () => source.volumeOf(pod, ofPod);
  const refused = async (why: string) => assert.rejects(find(), { name: "VolumeError", message: UNPROCESSED + why });

  await client.create(namespaceKind, { metadata: { name: "shop" } });
  await refused('failed to fetch PVC from API server: persistentvolumeclaims "data" not found');
  const claim = await client.create(persistentVolumeClaimKind, {
    metadata: { name: "data", namespace: "shop" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, volumeName: "disk" },
  });
  await refused("PVC is not bound");
  const status = { status: { phase: "Bound" } };
  await client.patch(persistentVolumeClaimKind, claim.metadata, "merge", status, { subresource: "status" });
  await refused('failed to fetch PV "disk" from API server: persistentvolumes "disk" not found');
  await client.create(persistentVolumeKind, {
    metadata: { name: "disk" },
    spec: {
      capacity: { storage: "1Gi" },
      accessModes: ["ReadWriteOnce"],
      hostPath: { path: "/data" },
      claimRef: { namespace: "shop", name: "data", uid: claim.metadata.uid },
    },
  });
  assert.equal((await find()).spec.hostPath?.path, "/data");

  const twice = { ...ofPod, volumeName: "u" };
  await Promise.all([source.volumeOf(other, ofPod), source.volumeOf(other, twice)]);

  const ephemeral = { ...ofPod, volumeName: "w", isEphemeral: true };
  await assert.rejects(source.volumeOf(pod, ephemeral), {
    message: /: PVC shop\/data was not created for pod shop\/web \(pod is not owner\)$/,
  });

  await client.delete(persistentVolumeClaimKind, claim.metadata);
  assert.equal((await find()).metadata.name, "disk");
  for (const use of [ofPod, twice]) assert.equal((await source.volumeOf(other, use)).metadata.name, "disk");
  source.forget(pod.metadata.uid);
  await refused('failed to fetch PVC from API server: persistentvolumeclaims "data" not found');
  await api.stop();
});
