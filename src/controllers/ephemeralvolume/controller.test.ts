import assert from "node:assert/strict";
import { test } from "node:test";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { Client } from "@fairlead/client/client";
import { startControllersIn } from "../controllers.testing.ts";

const namespace = "team";
const claim = { namespace, name: "p-v" };
const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };

async function createPod(client: Client) {
  return client.create(podKind, {
    metadata: { name: "p", namespace },
    spec: {
      containers: [{ name: "c", image: "app" }],
      volumes: [{ name: "v", ephemeral: { volumeClaimTemplate: { spec } } }],
    },
  });
}

test("a pod's own claim that was deleted is recreated", async (t) => {
  const { client, until } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: namespace } });
  const { metadata: pod } = await createPod(client);
  const first = await until(() => client.get(persistentVolumeClaimKind, claim));
  await client.delete(persistentVolumeClaimKind, claim);
  const second = await until(async () => {
    const found = await client.get(persistentVolumeClaimKind, claim);
    return found.metadata.uid === first.metadata.uid ? undefined : found;
  });
  assert.equal(second.metadata.ownerReferences?.[0]?.uid, pod.uid);
});

test("a claim that only has the name is left alone, and made when it is gone", async (t) => {
  const { client, until } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: namespace } });
  const other = await client.create(persistentVolumeClaimKind, { metadata: claim, spec });
  await createPod(client);
  const message = await until(async () => {
    const { items } = await client.list(eventKind, { namespace, fieldSelector: "reason=FailedBinding" });
    return items.find(({ involvedObject }) => involvedObject.kind === "Pod")?.message;
  });
  assert.equal(message, "ephemeral volume v: PVC team/p-v was not created for pod team/p (pod is not owner)");
  assert.equal((await client.get(persistentVolumeClaimKind, claim)).metadata.uid, other.metadata.uid);
  await client.delete(persistentVolumeClaimKind, claim);
  await until(async () => {
    const { metadata } = await client.get(persistentVolumeClaimKind, claim);
    return metadata.ownerReferences?.[0]?.name === "p" ? true : undefined;
  });
});

test("a pod gets an event when a claim of its own cannot be made", async (t) => {
  const { client, until } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: namespace } });
  // Names of claims are no longer than those of pods.
  const [name, volume] = ["p".repeat(200), "v".repeat(60)];
  await client.create(podKind, {
    metadata: { name, namespace },
    spec: {
      containers: [{ name: "c", image: "app" }],
      volumes: [{ name: volume, ephemeral: { volumeClaimTemplate: { spec } } }],
    },
  });
  const message = await until(async () => {
    const { items } = await client.list(eventKind, { namespace, fieldSelector: "reason=FailedBinding" });
    return items[0]?.message;
  });
  const start = `ephemeral volume ${volume}: create PVC ${name}-${volume}: PersistentVolumeClaim "${name}-${volume}" is invalid: metadata.name:`;
  assert.equal(message.slice(0, start.length), start);
});
