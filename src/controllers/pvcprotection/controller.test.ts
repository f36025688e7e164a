import assert from "node:assert/strict";
import { test } from "node:test";
import { namespaceKind } from "../../api/core/v1/namespace.ts";
import { persistentVolumeClaimKind } from "../../api/core/v1/persistentvolumeclaim.ts";
import { podKind } from "../../api/core/v1/pod/pod.ts";
import { startTestApiServer } from "../../apiserver/testing/start-test-server.testing.ts";
import { startCache } from "../../client/start-cache.ts";
import { systemClock } from "../../lib/clock.ts";
import { silentLogger } from "../../lib/log.ts";
import { startCaches } from "../caches.ts";
import { startControllersIn, until } from "../controllers.testing.ts";
import { startPvcProtectionController } from "./controller.ts";

const namespace = "team";

test("a pod that waits for its own claim to go, and the claim for the pod to end, both go", async (t) => {
  const { client, until } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: namespace } });
  const template = { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } };
  await client.create(podKind, {
    metadata: { name: "p", namespace },
    spec: {
      nodeName: "n1",
      containers: [{ name: "c", image: "app" }],
      volumes: [{ name: "v", ephemeral: { volumeClaimTemplate: template } }],
    },
  });
  const pod = { namespace, name: "p" };
  const claim = { namespace, name: "p-v" };
  await until(() => client.get(persistentVolumeClaimKind, claim));

  await client.delete(podKind, pod, { propagationPolicy: "Foreground" });
  await until(async () => {
    const { metadata } = await client.get(persistentVolumeClaimKind, claim);
    return metadata.deletionTimestamp;
  });
  // As its kubelet does once its containers have ended.
  await client.delete(podKind, pod, { gracePeriodSeconds: 0 });

  await until(async () => {
    const pods = await client.list(podKind, { namespace });
    const claims = await client.list(persistentVolumeClaimKind, { namespace });
    return pods.items.length + claims.items.length === 0 ? true : undefined;
  });
});

test("a claim stays for a pod that the copy has not heard of", async (t) => {
  const server = await startTestApiServer();
  const client = server.client();
  const common = { log: silentLogger, clock: systemClock };
  const indexes = { claim: () => [] };
  const caches = {
    ...startCaches(client, common),
    pods: startCache(client, podKind, { ...common, indexes, labelSelector: "heard=of" }),
  };
  const options = { rootCA: "PEM" };
  const controller = startPvcProtectionController({ ...common, caches, options, clientFor: () => client });
  t.after(async () => {
    await controller.stop();
    await Promise.all(Object.values(caches).map((cache) => cache.stop()));
    await server.stop();
  });
  const create = (name: string) =>
    client.create(persistentVolumeClaimKind, {
      metadata: { name, namespace, finalizers: ["kubernetes.io/pvc-protection"] },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
  await client.create(podKind, {
    metadata: { name: "p", namespace },
    spec: {
      nodeName: "n1",
      containers: [{ name: "c", image: "app" }],
      volumes: [{ name: "v", persistentVolumeClaim: { claimName: "used" } }],
    },
  });
  for (const name of ["used", "free"]) {
    await create(name);
    await client.delete(persistentVolumeClaimKind, { namespace, name });
  }
  // The controller takes them in the order in which they went.
  const left = await until(async () => {
    const { items } = await client.list(persistentVolumeClaimKind, { namespace });
    return items.some(({ metadata }) => metadata.name === "free") ? undefined : items;
  });
  assert.deepEqual(
    left.map(({ metadata }) => metadata.name),
    ["used"],
  );
});
