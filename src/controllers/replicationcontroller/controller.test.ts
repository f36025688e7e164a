import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { replicationControllerKind } from "@fairlead/api/core/v1/replicationcontroller/replicationcontroller";
import { startControllersIn } from "../controllers.testing.ts";
import { controllerOf } from "../ownership/claim.ts";

const namespace = "team";
const key = { namespace, name: "web" };
const containers = [{ name: "c", image: "app:1" }];

/** An API server with all controllers, the namespace `team` and the ReplicationController `web` in it. */
async function started(t: TestContext, replicas: number) {
  const { client, until } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: namespace } });
  await client.create(replicationControllerKind, {
    metadata: key,
    spec: { replicas, template: { metadata: { labels: { app: "web" } }, spec: { containers } } },
  });
  const pods = async () => (await client.list(podKind, { namespace })).items;
  return {
    client,
    until,
    pods,
    /** Waits until that many pods are its own, and the status says so. */
    settled: (count: number) =>
      until(async () => {
        const { status, metadata } = await client.get(replicationControllerKind, key);
        const isSeen = status.replicas === count && status.observedGeneration === metadata.generation;
        const own = (await pods()).filter((pod) => controllerOf(pod)?.uid === metadata.uid);
        return isSeen && own.length === count ? own : undefined;
      }),
  };
}

test("a ReplicationController has as many pods as it wants, and counts those that are ready", async (t) => {
  const { client, until, settled } = await started(t, 3);
  const [pod] = (await settled(3)) as [Pod, Pod, Pod];
  assert.match(pod.metadata.name, /^web-[a-z0-9]{5}$/);
  assert.deepEqual(controllerOf(pod), {
    ...{ apiVersion: "v1", kind: "ReplicationController", name: "web", controller: true, blockOwnerDeletion: true },
    uid: (await client.get(replicationControllerKind, key)).metadata.uid,
  });
  const conditions = [{ type: "Ready", status: "True" as const, lastTransitionTime: "2026-01-31T12:00:00Z" }];
  const ready = { status: { conditions } };
  await client.patch(podKind, { namespace, name: pod.metadata.name }, "strategic", ready, { subresource: "status" });
  const counted = await until(async () => {
    const { status } = await client.get(replicationControllerKind, key);
    return status.readyReplicas === 1 ? status : undefined;
  });
  assert.deepEqual(counted, {
    ...{ replicas: 3, fullyLabeledReplicas: 3, readyReplicas: 1, availableReplicas: 1, observedGeneration: 1 },
  });
  const event = await until(async () =>
    (await client.list(eventKind, { namespace })).items.find(({ reason }) => reason === "SuccessfulCreate"),
  );
  assert.equal(event.source?.component, "replication-controller");
  assert.equal(event.involvedObject.kind, "ReplicationController");
});

test("it follows its scale", async (t) => {
  const { client, settled } = await started(t, 1);
  await settled(1);
  for (const replicas of [4, 0, 2]) {
    const patch = { spec: { replicas } };
    await client.patch(replicationControllerKind, key, "merge", patch, { subresource: "scale" });
    await settled(replicas);
  }
});

test("it makes another pod for one that is deleted or loses its labels, and adopts those that it selects", async (t) => {
  const { client, until, settled, pods } = await started(t, 2);
  const [first, second] = (await settled(2)) as [Pod, Pod];
  await client.delete(podKind, { namespace, name: first.metadata.name });
  await until(async () =>
    (await pods()).some(({ metadata }) => metadata.uid === first.metadata.uid) ? undefined : true,
  );
  await settled(2);
  const stranger = { metadata: { labels: { app: "other" } } };
  await client.patch(podKind, { namespace, name: second.metadata.name }, "merge", stranger);
  const released = await until(async () => {
    const pod = await client.get(podKind, { namespace, name: second.metadata.name });
    return controllerOf(pod) === undefined ? pod : undefined;
  });
  assert.equal(released.metadata.labels?.app, "other");
  await settled(2);
  await client.patch(replicationControllerKind, key, "merge", { spec: { replicas: 3 } }, { subresource: "scale" });
  await settled(3);
  await client.create(podKind, { metadata: { namespace, name: "bare", labels: { app: "web" } }, spec: { containers } });
  // Four are one too many.
  await settled(3);
});

test("its pods stay where it is deleted without a policy, and go with it in the background", async (t) => {
  const { client, until, settled, pods } = await started(t, 2);
  await settled(2);
  await client.delete(replicationControllerKind, key);
  await until(async () => {
    const { items } = await client.list(replicationControllerKind, { namespace });
    return items.length === 0 ? true : undefined;
  });
  const orphans = (await pods()).filter((pod) => controllerOf(pod) === undefined);
  assert.equal(orphans.length, 2);
  await client.create(replicationControllerKind, {
    metadata: key,
    spec: { replicas: 2, template: { metadata: { labels: { app: "web" } }, spec: { containers } } },
  });
  const adopted = await settled(2);
  assert.deepEqual(
    adopted.map(({ metadata }) => metadata.uid).sort(),
    orphans.map(({ metadata }) => metadata.uid).sort(),
  );
  await client.delete(replicationControllerKind, key, { propagationPolicy: "Background" });
  await until(async () => ((await pods()).length === 0 ? true : undefined));
});
