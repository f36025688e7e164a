import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import type { Draft } from "@fairlead/api/schema";
import { createTurns } from "@fairlead/apiserver/registry/turns";
import { podBinding } from "@fairlead/apiserver/subresources/pods/pod-binding";
import { defaultAuthorizers, userNamed } from "@fairlead/apiserver/testing/default-authorizers.testing";
import { startTestApiServer } from "@fairlead/apiserver/testing/start-test-server.testing";
import { ownCaches } from "@fairlead/client/cache/cache-source";
import type { Client } from "@fairlead/client/client";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import { startScheduler } from "./start-scheduler.ts";

test("a hundred pods of one Service are spread evenly over three nodes", async (t) => {
  const { client } = await startCluster(t, ["n1", "n2", "n3"]);
  await client.create(serviceKind, {
    metadata: { name: "web", namespace: "default" },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }], clusterIP: "10.96.0.20", ipFamilies: ["IPv4"] },
  });
  const names = Array.from({ length: 100 }, (_, i) => `p${i}`);
  await Promise.all(names.map((name) => createPod(client, name, { labels: { app: "web" } })));
  const pods = await until(async () => {
    const { items } = await client.list(podKind);
    return items.every(({ spec }) => spec.nodeName) ? items : undefined;
  });
  const counts = ["n1", "n2", "n3"].map((name) => pods.filter(({ spec }) => spec.nodeName === name).length);
  assert.deepEqual(counts.sort(), [33, 33, 34]);
});

test("a pod that no node takes has the reason in its status, and gets a node as soon as there is one", async (t) => {
  const { client } = await startCluster(t, ["n1"]);
  await createPod(client, "big", { cpu: "8" });
  const message =
    "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
  const condition = await until(async () => {
    const pod = await client.get(podKind, { namespace: "default", name: "big" });
    return pod.status.conditions?.find(({ type }) => type === "PodScheduled");
  });
  assert.equal(condition.status, "False");
  assert.equal(condition.reason, "Unschedulable");
  assert.equal(condition.message, message);
  const event = await until(async () =>
    (await client.list(eventKind)).items.find(({ reason }) => reason === "FailedScheduling"),
  );
  assert.equal(event.message, message);
  assert.equal(event.source?.component, "default-scheduler");

  await createNode(client, "n2", "16");
  await until(async () => {
    const pod = await client.get(podKind, { namespace: "default", name: "big" });
    return pod.spec.nodeName === "n2" ? pod : undefined;
  });
});

test("a pod with scheduling gates waits until they are gone, and others' pods are left alone", async (t) => {
  const { client } = await startCluster(t, ["n1"]);
  const gated = await createPod(client, "gated", { spec: { schedulingGates: [{ name: "example.com/wait" }] } });
  await createPod(client, "others", { spec: { schedulerName: "another" } });
  await createPod(client, "mine", {});
  await until(async () => ((await nodeOf(client, "mine")) === "n1" ? true : undefined));
  assert.equal(await nodeOf(client, "gated"), undefined);
  await client.patch(podKind, { namespace: "default", name: gated.metadata.name }, "merge", {
    spec: { schedulingGates: null },
  });
  await until(async () => ((await nodeOf(client, "gated")) === "n1" ? true : undefined));
  assert.equal(await nodeOf(client, "others"), undefined);
});

test("a pod that leaves makes room for one that waits", async (t) => {
  const { client } = await startCluster(t, ["n1"]);
  await createPod(client, "first", { cpu: "3" });
  await until(async () => ((await nodeOf(client, "first")) === "n1" ? true : undefined));
  await createPod(client, "second", { cpu: "3" });
  await until(async () => (await client.list(eventKind)).items.find(({ reason }) => reason === "FailedScheduling"));
  await client.delete(podKind, { namespace: "default", name: "first" }, { gracePeriodSeconds: 0 });
  await until(async () => ((await nodeOf(client, "second")) === "n1" ? true : undefined));
});

test("a more important pod gets the place of a less important one, and no other pod does", async (t) => {
  const { client } = await startCluster(t, ["n1"]);
  await createPod(client, "low", { cpu: "3" });
  await until(async () => ((await nodeOf(client, "low")) === "n1" ? true : undefined));
  const high = await createPod(client, "high", { cpu: "3", spec: { priority: 1000 } });
  const leaving = await until(async () => {
    const pod = await client.get(podKind, { namespace: "default", name: "low" });
    return pod.metadata.deletionTimestamp === undefined ? undefined : pod;
  });
  assert.equal(
    leaving.status.conditions?.find(({ type }) => type === "DisruptionTarget")?.reason,
    "PreemptionByScheduler",
  );
  assert.equal((await client.get(podKind, { namespace: "default", name: "high" })).status.nominatedNodeName, "n1");
  const event = await until(async () =>
    (await client.list(eventKind)).items.find(({ reason }) => reason === "Preempted"),
  );
  assert.equal(event.message, `Preempted by pod ${high.metadata.uid} on node n1`);

  await createPod(client, "late", { cpu: "3" });
  await client.delete(podKind, { namespace: "default", name: "low" }, { gracePeriodSeconds: 0 });
  await until(async () => ((await nodeOf(client, "high")) === "n1" ? true : undefined));
  assert.equal(await nodeOf(client, "late"), undefined);
});

test("a pod waits until its claim is there, has its volume, and that is there too", async (t) => {
  const { client } = await startCluster(t, ["n1"]);
  const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "data" } }];
  await createPod(client, "user", { spec: { volumes } });
  const reported = (message: RegExp) =>
    until(async () => {
      const pod = await client.get(podKind, { namespace: "default", name: "user" });
      const found = pod.status.conditions?.find(({ type }) => type === "PodScheduled")?.message ?? "";
      return message.test(found) ? found : undefined;
    });
  await reported(/^0\/1 nodes are available: persistentvolumeclaim "data" not found\. preemption: 0\/1 nodes/);
  const claim = await client.create(persistentVolumeClaimKind, {
    metadata: { name: "data", namespace: "default" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  });
  await reported(/^0\/1 nodes are available: pod has unbound immediate PersistentVolumeClaims\. preemption/);
  await client.patch(persistentVolumeClaimKind, claim.metadata, "merge", {
    metadata: { annotations: { "pv.kubernetes.io/bind-completed": "yes" } },
    spec: { volumeName: "disk" },
  });
  await reported(/node\(s\) unavailable due to one or more pvc\(s\) bound to non-existent pv\(s\)/);
  await client.create(persistentVolumeKind, {
    metadata: { name: "disk" },
    spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/data" } },
  });
  await until(async () => ((await nodeOf(client, "user")) === "n1" ? true : undefined));
});

test("a pod that no event can help is reported so once, while others come and go", async (t) => {
  const { client } = await startCluster(t, ["n1"]);
  await createPod(client, "lost", { spec: { nodeSelector: { disk: "ssd" } } });
  const failures = async () => {
    const { items } = await client.list(eventKind);
    return items.filter(({ reason }) => reason === "FailedScheduling").map(({ count }) => count);
  };
  await until(async () => ((await failures()).length > 0 ? true : undefined));
  for (let i = 0; i < 20; i++) {
    await createPod(client, `p${i}`, {});
    await until(async () => ((await nodeOf(client, `p${i}`)) === "n1" ? true : undefined));
    await client.delete(podKind, { namespace: "default", name: `p${i}` }, { gracePeriodSeconds: 0 });
  }
  assert.deepEqual(await failures(), [1]);
  await client.patch(nodeKind, { name: "n1" }, "merge", { metadata: { labels: { disk: "ssd" } } });
  await until(async () => ((await nodeOf(client, "lost")) === "n1" ? true : undefined));
});

async function startCluster(t: TestContext, nodes: readonly string[]): Promise<{ readonly client: Client }> {
  const store = createMemoryStore();
  const server = await startTestApiServer({
    ...{ store, authorizers: defaultAuthorizers() },
    subresources: [podBinding({ store, turns: createTurns(), clock: systemClock })],
  });
  const client = server.client();
  for (const name of nodes) await createNode(client, name, "4");
  const own = server.client(userNamed("system:kube-scheduler"));
  const common = { log: silentLogger, clock: systemClock };
  const scheduler = await startScheduler({ client: own, caches: ownCaches(own, common), ...common });
  t.after(async () => {
    await scheduler.stop();
    await server.stop();
    await store.close();
  });
  return { client };
}

function createNode(client: Client, name: string, cpu: string) {
  return client.create(nodeKind, {
    metadata: { name, labels: { "kubernetes.io/hostname": name } },
    status: { allocatable: { cpu, memory: "8Gi", pods: "110" } },
  });
}

function createPod(
  client: Client,
  name: string,
  { labels = {}, cpu = "10m", spec = {} }: { labels?: Record<string, string>; cpu?: string; spec?: Draft<Pod["spec"]> },
): Promise<Pod> {
  return client.create<Pod>(podKind, {
    metadata: { name, namespace: "default", labels },
    spec: { containers: [{ name: "c", image: "app", resources: { requests: { cpu } } }], ...spec },
  });
}

async function nodeOf(client: Client, name: string): Promise<string | undefined> {
  return (await client.get(podKind, { namespace: "default", name })).spec.nodeName;
}

/** Asks until there is an answer, for ten seconds at most. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const endMs = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > endMs) throw new Error(`Still not so: ${ask}`);
    await systemClock.sleep(10);
  }
}
