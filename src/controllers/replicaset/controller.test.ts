import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import type { DeleteCallOptions } from "@fairlead/client/client";
import { startControllersIn } from "../controllers.testing.ts";
import { controllerOf } from "../ownership/claim.ts";

const namespace = "team";
const key = { namespace, name: "web" };

/** An API server with all controllers and the namespace `team`, and what the tests do there. */
async function started(t: TestContext) {
  const { client, until } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: namespace } });
  const pods = async () => (await client.list(podKind, { namespace })).items;
  const create = (replicas: number, spec: Draft<ReplicaSet["spec"]> = {}) =>
    client.create(replicaSetKind, {
      metadata: key,
      spec: {
        replicas,
        selector: { matchLabels: { app: "web" } },
        template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "app:1" }] } },
        ...spec,
      },
    });
  return {
    client,
    until,
    pods,
    create,
    /** Waits until that many pods are there and the status says so. */
    settled: async (count: number) =>
      until(async () => {
        const { status, metadata } = await client.get(replicaSetKind, key);
        const isSettled = status.replicas === count && status.observedGeneration === metadata.generation;
        const now = await pods();
        return isSettled && now.length === count ? now : undefined;
      }),
    scale: (replicas: number) =>
      client.patch(replicaSetKind, key, "merge", { spec: { replicas } }, { subresource: "scale" }),
    setReady: (pod: Pod) => {
      const { namespace: of, name } = pod.metadata;
      const lastTransitionTime = new Date().toISOString();
      const status = { conditions: [{ type: "Ready", status: "True", lastTransitionTime }] };
      return client.patch(podKind, { namespace: of, name }, "strategic", { status }, { subresource: "status" });
    },
    bare: (name: string, labels: Record<string, string>) =>
      client.create(podKind, {
        metadata: { name, namespace, labels },
        spec: { containers: [{ name: "c", image: "app:1" }] },
      }),
    delete: (options: DeleteCallOptions) => client.delete(replicaSetKind, key, options),
    gone: () =>
      until(async () => {
        const { items } = await client.list(replicaSetKind, { namespace });
        return items.length === 0 ? true : undefined;
      }),
  };
}

test("a ReplicaSet has as many pods as it wants, each with its name, labels and owner", async (t) => {
  const { client, create, settled, until } = await started(t);
  const replicaSet = await create(20);
  const pods = await settled(20);
  for (const { metadata } of pods) {
    assert.match(metadata.name, /^web-[a-z0-9]{5}$/);
    assert.deepEqual(metadata.labels, { app: "web" });
    assert.deepEqual(metadata.ownerReferences, [
      {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        name: "web",
        uid: replicaSet.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ]);
  }
  const { items } = await until(async () => {
    const events = await client.list(eventKind, { namespace, fieldSelector: "reason=SuccessfulCreate" });
    return events.items.length > 0 ? events : undefined;
  });
  assert.match(items[0]?.message ?? "", /^Created pod: web-/);
  assert.equal(items[0]?.involvedObject.kind, "ReplicaSet");
  assert.equal(items[0]?.source?.component, "replicaset-controller");
});

test("it follows its number up and down", async (t) => {
  const { client, create, settled, scale, setReady, until } = await started(t);
  await create(2);
  const [kept] = await settled(2);
  assert(kept !== undefined);
  await setReady(kept);
  await scale(5);
  await settled(5);
  await scale(1);
  const left = await settled(1);
  assert.equal(left[0]?.metadata.name, kept.metadata.name, "the one that is ready stays");
  await until(async () => {
    const { items } = await client.list(eventKind, { namespace, fieldSelector: "reason=SuccessfulDelete" });
    return items.some(({ message }) => message?.startsWith("Deleted pod: web-")) ? true : undefined;
  });
  await scale(0);
  await settled(0);
});

test("a pod that goes is replaced, and one that has failed does not count", async (t) => {
  const { client, create, settled, until, pods } = await started(t);
  await create(2);
  const [first, second] = await settled(2);
  await client.delete(podKind, { namespace, name: first?.metadata.name ?? "" });
  await until(async () => ((await pods()).every((p) => p.metadata.uid !== first?.metadata.uid) ? true : undefined));
  await settled(2);
  const failed = { status: { phase: "Failed" } };
  await client.patch(podKind, { namespace, name: second?.metadata.name ?? "" }, "merge", failed, {
    subresource: "status",
  });
  await until(async () => ((await pods()).length === 3 ? true : undefined));
});

test("selected orphans are adopted, others are not, and pods that change their labels are released", async (t) => {
  const { client, create, bare, until, pods } = await started(t);
  await bare("mine", { app: "web" });
  await bare("not-mine", { app: "other" });
  const { metadata } = await create(1);
  const owner = async (name: string) => controllerOf(await client.get(podKind, { namespace, name }))?.uid;
  await until(async () => ((await owner("mine")) === metadata.uid ? true : undefined));
  await until(async () => ((await client.get(replicaSetKind, key)).status.replicas === 1 ? true : undefined));
  assert.equal((await pods()).length, 2, "no pod was made");
  assert.equal(await owner("not-mine"), undefined);

  const labels = { metadata: { labels: { app: "looked-at" } } };
  await client.patch(podKind, { namespace, name: "mine" }, "merge", labels);
  await until(async () => ((await owner("mine")) === undefined ? true : undefined));
  await until(async () => ((await pods()).length === 3 ? true : undefined));
  // It finds its way back, and one is too many.
  await client.patch(podKind, { namespace, name: "mine" }, "merge", { metadata: { labels: { app: "web" } } });
  await until(async () => ((await pods()).length === 2 ? true : undefined));
});

test("a pod counts as available after minReadySeconds, though nothing happens meanwhile", async (t) => {
  const { client, create, settled, setReady, until } = await started(t);
  await create(1, { minReadySeconds: 2 }); // Times are whole seconds: this is more than one.
  const [pod] = await settled(1);
  assert(pod !== undefined);
  await setReady(pod);
  const states = new Set<string>();
  await until(async () => {
    const { status } = await client.get(replicaSetKind, key);
    states.add(`${status.readyReplicas ?? 0} ready, ${status.availableReplicas ?? 0} available`);
    return status.availableReplicas === 1 ? status : undefined;
  });
  assert.ok(states.has("1 ready, 0 available"), [...states].join("; "));
});

test("a failure to create pods is reported by a condition and an event, until it is over", async (t) => {
  const { client, create, settled, until } = await started(t);
  const withImage = (image: string) => ({ spec: { containers: [{ name: "c", image }] } });
  // A template may say what a pod may not.
  await create(1, { template: { metadata: { labels: { app: "web" } }, ...withImage(" app:1") } });
  const { conditions } = await until(async () => {
    const { status } = await client.get(replicaSetKind, key);
    return status.conditions === undefined ? undefined : status;
  });
  assert.deepEqual(
    conditions?.map(({ type, status, reason }) => [type, status, reason]),
    [["ReplicaFailure", "True", "FailedCreate"]],
  );
  assert.match(
    conditions?.[0]?.message ?? "",
    /^Pod "web-\w+" is invalid: spec\.containers\[0\]\.image: Invalid value/,
  );
  const event = await until(async () => {
    const { items } = await client.list(eventKind, { namespace, fieldSelector: "reason=FailedCreate" });
    return items[0];
  });
  assert.match(event.message ?? "", /^Error creating: Pod "web-/);
  assert.equal(event.type, "Warning");

  await client.patch(replicaSetKind, key, "strategic", { spec: { template: withImage("app:1") } });
  await settled(1);
  await until(async () => {
    const { status } = await client.get(replicaSetKind, key);
    return status.conditions === undefined ? status : undefined;
  });
});

const deletions: { policy: "Foreground" | "Background" | "Orphan"; pods: number }[] = [
  { policy: "Foreground", pods: 0 },
  { policy: "Background", pods: 0 },
  { policy: "Orphan", pods: 2 },
];
for (const { policy, pods: left } of deletions) {
  test(`a deletion with ${policy} leaves ${left} of two pods`, async (t) => {
    const { create, settled, gone, pods, until, ...cluster } = await started(t);
    await create(2);
    const before = await settled(2);
    await cluster.delete({ propagationPolicy: policy });
    await gone();
    await until(async () => ((await pods()).length === left ? true : undefined));
    const after = await pods();
    assert.ok(after.every((pod) => before.some(({ metadata }) => metadata.uid === pod.metadata.uid)));
    assert.ok(after.every((pod) => controllerOf(pod) === undefined));
  });
}
