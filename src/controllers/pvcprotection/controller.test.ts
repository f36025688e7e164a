import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { startTestApiServer } from "@fairlead/apiserver/testing/start-test-server.testing";
import { ownCaches } from "@fairlead/client/cache/cache-source";
import { startCache } from "@fairlead/client/cache/start-cache";
import type { Client } from "@fairlead/client/client";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { createMetrics } from "@fairlead/lib/metrics";
import { openCaches } from "../caches.ts";
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

/** An API server, and a controller whose cache of pods stays empty, started by `run`. */
async function deaf(t: TestContext) {
  const server = await startTestApiServer();
  let stop = async () => {};
  t.after(async () => {
    await stop();
    await server.stop();
  });
  const client = server.client();
  const asked: string[] = [];
  const counted: Client = {
    ...client,
    list(kind, options) {
      asked.push(kind.plural);
      return client.list(kind, options);
    },
  };
  return {
    client,
    asked,
    run() {
      const common = { log: silentLogger, clock: systemClock };
      const all = openCaches(ownCaches(client, common));
      const pods = startCache(client, podKind, { ...common, indexes: { claim: () => [] }, labelSelector: "heard=of" });
      const caches = { ...all, pods };
      const options = { rootCA: "PEM" };
      const controller = startPvcProtectionController({
        ...common,
        metrics: createMetrics(),
        caches,
        options,
        clientFor: () => counted,
        cachesFor: () => ownCaches(counted, common),
      });
      stop = async () => {
        await controller.stop();
        await Promise.all([...Object.values(all), pods].map((cache) => cache.stop()));
      };
    },
    async createDeleted(name: string) {
      await client.create(persistentVolumeClaimKind, {
        metadata: { name, namespace, finalizers: ["kubernetes.io/pvc-protection"] },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      });
      await client.delete(persistentVolumeClaimKind, { namespace, name });
    },
    left: async () =>
      (await client.list(persistentVolumeClaimKind, { namespace })).items.map(({ metadata }) => metadata.name),
  };
}

test("a claim stays for a pod that the cache does not have yet", async (t) => {
  const { client, run, createDeleted, left } = await deaf(t);
  await client.create(podKind, {
    metadata: { name: "p", namespace },
    spec: {
      nodeName: "n1",
      containers: [{ name: "c", image: "app" }],
      volumes: [{ name: "v", persistentVolumeClaim: { claimName: "used" } }],
    },
  });
  run();
  await createDeleted("used");
  await createDeleted("free");
  // The controller takes them in the order in which they went.
  const names = await until(async () => ((await left()).includes("free") ? undefined : left()));
  assert.deepEqual(names, ["used"]);
});

test("many claims that go at once need one answer from the API server", async (t) => {
  const { run, asked, createDeleted, left } = await deaf(t);
  for (let i = 0; i < 30; i++) await createDeleted(`c${i}`);
  run();
  await until(async () => ((await left()).length === 0 ? true : undefined));
  assert.deepEqual(asked, ["pods"]);
});
