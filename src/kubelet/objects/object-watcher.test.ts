import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { startTestApiServer } from "@fairlead/apiserver/testing/start-test-server.testing";
import type { Client } from "@fairlead/client/client";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { testPod } from "../testing/pods.testing.ts";
import type { Holder } from "./object-watcher.ts";
import { createObjectWatcher } from "./object-watcher.ts";
import { podReferences } from "./pod-references.ts";

test("an object is kept current for its subscribers, which are notified", async () => {
  const api = await startTestApiServer();
  const client = api.client();
  await client.create(namespaceKind, { metadata: { name: "shop" } });
  const watcher = createObjectWatcher(configMapKind, { client, clock: systemClock, log: silentLogger });
  const changed = { next: Promise.withResolvers<void>() };
  const holder: Holder = { changed: () => changed.next.resolve() };
  const told = async () => {
    await changed.next.promise;
    changed.next = Promise.withResolvers();
  };
  const key = { namespace: "shop", name: "settings" };

  assert.equal(await watcher.get(holder, "shop", "settings"), undefined);
  await client.create(configMapKind, { metadata: key, data: { a: "1" } });
  await told();
  assert.equal((await watcher.get(holder, "shop", "settings"))?.data?.a, "1");
  await client.patch(configMapKind, key, "merge", { data: { a: "2" } });
  await told();
  assert.equal((await watcher.get(holder, "shop", "settings"))?.data?.a, "2");
  await client.delete(configMapKind, key);
  await told();
  assert.equal(await watcher.get(holder, "shop", "settings"), undefined);

  watcher.release(holder);
  await watcher.stop();
  await api.stop();
});

test("who goes while the API server has not answered yet is not waited for, and leaves no watch behind", async () => {
  const api = await startTestApiServer();
  const client = api.client();
  const listed = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const slow: Client = {
    ...client,
    async list(kind, options) {
      listed.resolve();
      const list = await client.list(kind, options);
      await Promise.race([answered.promise, once(options?.signal)]);
      options?.signal?.throwIfAborted();
      return list;
    },
  };
  const watcher = createObjectWatcher(configMapKind, { client: slow, clock: systemClock, log: silentLogger });
  const holder: Holder = { changed() {} };
  const asked = watcher.get(holder, "shop", "settings");
  await listed.promise;
  watcher.release(holder);
  answered.resolve();
  await assert.rejects(asked, /stopped/);
  await watcher.stop();
  await api.stop();
});

function once(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
}

test("a pod refers to ConfigMaps and Secrets in volumes, environments and pull secrets", () => {
  const pod = testPod({
    imagePullSecrets: [{ name: "pull" }],
    volumes: [
      { name: "a", configMap: { name: "volume" } },
      { name: "b", secret: { secretName: "secret-volume" } },
      {
        name: "c",
        projected: { sources: [{ configMap: { name: "projected" } }, { secret: { name: "secret-projected" } }] },
      },
    ],
    initContainers: [{ name: "setup", envFrom: [{ configMapRef: { name: "from" } }] }],
    containers: [
      {
        name: "app",
        env: [
          { name: "A", valueFrom: { configMapKeyRef: { name: "key", key: "k" } } },
          { name: "B", valueFrom: { secretKeyRef: { name: "secret-key", key: "k" } } },
        ],
      },
    ],
  });
  const { configMaps, secrets } = podReferences(pod);
  assert.deepEqual([...configMaps].toSorted(), ["from", "key", "projected", "volume"]);
  assert.deepEqual([...secrets].toSorted(), ["pull", "secret-key", "secret-projected", "secret-volume"]);
});
