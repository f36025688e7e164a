import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";
import { isNotFound } from "@fairlead/api/status-error";
import type { Client, WatchEvent } from "@fairlead/client/client";
import { startControllersIn } from "../controllers.testing.ts";
import { controllerOf } from "../ownership/claim.ts";
import { templateHash } from "./replicasets/template.ts";

const namespace = "team";
const key = { namespace, name: "web" };
const labels = { app: "web" };

/** An API server with all controllers, and kubelets that make every pod ready whose image is no `broken` one. */
async function started(t: TestContext) {
  const { client, until } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: namespace } });
  await startFakeKubelet(t, client);
  const get = () => client.get(deploymentKind, key);
  return {
    client,
    until,
    get,
    create: (spec: Draft<Deployment["spec"]> = {}, name = key.name) =>
      client.create(deploymentKind, {
        metadata: { namespace, name },
        spec: { selector: { matchLabels: labels }, template: template("good:0"), ...spec },
      }),
    patch: (patch: unknown) => client.patch(deploymentKind, key, "merge", patch),
    setImage: (image: string) => client.patch(deploymentKind, key, "merge", { spec: { template: template(image) } }),
    /** Waits until the rollout is over. */
    complete: () =>
      until(async () => {
        const deployment = await get();
        const { status, spec, metadata } = deployment;
        const counts = [status.updatedReplicas ?? 0, status.replicas ?? 0, status.availableReplicas ?? 0];
        const isObserved = status.observedGeneration === metadata.generation;
        return isObserved && counts.every((count) => count === spec.replicas) ? deployment : undefined;
      }),
    replicaSets: async () => (await client.list(replicaSetKind, { namespace })).items,
    events: async (reason: string) =>
      (await client.list(eventKind, { namespace, fieldSelector: `reason=${reason}` })).items.map(
        ({ message }) => message,
      ),
  };
}

function template(image: string) {
  return { metadata: { labels }, spec: { containers: [{ name: "c", image }] } };
}

async function startFakeKubelet(t: TestContext, client: Client): Promise<void> {
  const { resourceVersion } = await client.list(podKind);
  const ending = new AbortController();
  t.after(() => ending.abort());
  const watch = async () => {
    for await (const event of client.watch(podKind, { resourceVersion, signal: ending.signal })) {
      if (event.type === "ADDED" && !isBroken(event.object)) await makeReady(client, event.object);
    }
  };
  watch().catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
}

const isBroken = (pod: Pod) => pod.spec.containers[0]?.image?.startsWith("broken") === true;

async function makeReady(client: Client, { metadata: { namespace, name, creationTimestamp } }: Pod): Promise<void> {
  const ready = { type: "Ready", status: "True", lastTransitionTime: creationTimestamp };
  const status = { phase: "Running", conditions: [ready] };
  await client
    .patch(podKind, { namespace, name }, "strategic", { status }, { subresource: "status" })
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
}

/** Writes down every change of a kind from now on. */
async function recorded<T extends KubeObject>(t: TestContext, client: Client, kind: ResourceReference<T>) {
  const { resourceVersion } = await client.list(kind, { namespace });
  const ending = new AbortController();
  t.after(() => ending.abort());
  const events: { readonly version: bigint; readonly event: Exclude<WatchEvent<T>, { type: "BOOKMARK" }> }[] = [];
  const watch = async () => {
    for await (const event of client.watch(kind, { namespace, resourceVersion, signal: ending.signal })) {
      if (event.type !== "BOOKMARK") events.push({ version: BigInt(event.object.metadata.resourceVersion), event });
    }
  };
  watch().catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  return events;
}

test("a Deployment has a ReplicaSet that is named and labelled for its template", async (t) => {
  const { create, complete, replicaSets, events } = await started(t);
  const { metadata } = await create({ replicas: 2 });
  const { spec, metadata: after } = await complete();
  const [replicaSet, ...others] = await replicaSets();
  assert.deepEqual(others, []);
  const hash = templateHash(spec.template, undefined);
  assert.equal(replicaSet?.metadata.name, `web-${hash}`);
  assert.deepEqual(replicaSet.metadata.labels, { ...labels, "pod-template-hash": hash });
  assert.deepEqual(replicaSet.spec.selector, { matchLabels: { ...labels, "pod-template-hash": hash } });
  assert.deepEqual(replicaSet.spec.template.metadata.labels, { ...labels, "pod-template-hash": hash });
  assert.equal(controllerOf(replicaSet)?.uid, metadata.uid);
  assert.equal(after.annotations?.["deployment.kubernetes.io/revision"], "1");
  assert.deepEqual(await events("ScalingReplicaSet"), [`Scaled up replica set web-${hash} from 0 to 2`]);
});

test("a name that is taken is counted, and another is found", async (t) => {
  const { client, create, complete, replicaSets } = await started(t);
  const probe = await client.create(
    deploymentKind,
    { metadata: key, spec: { selector: { matchLabels: labels }, template: template("good:0") } },
    { dryRun: true },
  );
  const taken = `web-${templateHash(probe.spec.template, undefined)}`;
  await client.create(replicaSetKind, {
    metadata: { namespace, name: taken, labels: { app: "other" } },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: "other" } },
      template: { ...template("x"), metadata: { labels: { app: "other" } } },
    },
  });
  await create();
  const { status, spec } = await complete();
  assert.equal(status.collisionCount, 1);
  const names = (await replicaSets()).map(({ metadata }) => metadata.name).sort();
  assert.deepEqual(names, [taken, `web-${templateHash(spec.template, 1)}`].sort());
});

test("a name that leaves no room for the hash is cut", async (t) => {
  const { client, create, until, replicaSets } = await started(t);
  const name = "w".repeat(253);
  await create({ replicas: 1 }, name);
  const { spec } = await until(async () => {
    const deployment = await client.get(deploymentKind, { namespace, name });
    return deployment.status.availableReplicas === 1 ? deployment : undefined;
  });
  const hash = templateHash(spec.template, undefined);
  const names = (await replicaSets()).map(({ metadata }) => metadata.name);
  assert.deepEqual(names, [`${"w".repeat(253 - 1 - hash.length)}-${hash}`]);
});

test("a refused ReplicaSet causes a condition and an event", async (t) => {
  const { client, until, events } = await started(t);
  // As many annotations as an object may have; the ReplicaSet's own come on top.
  const annotations = { note: "x".repeat(256 * 1024 - "note".length) };
  await client.create(deploymentKind, {
    metadata: { ...key, annotations },
    spec: { selector: { matchLabels: labels }, template: template("good:0") },
  });
  const progressing = await until(async () => {
    const { status } = await client.get(deploymentKind, key);
    return status.conditions?.find(({ reason }) => reason === "ReplicaSetCreateError");
  });
  assert.equal(progressing.status, "False");
  assert.match(progressing.message ?? "", /^Failed to create new replica set "web-\w+": ReplicaSet.* is invalid/);
  const [message] = await until(async () => {
    const messages = await events("ReplicaSetCreateError");
    return messages.length > 0 ? messages : undefined;
  });
  assert.equal(message, progressing.message);
});

test("templates that change faster than anybody can follow leave one ReplicaSet each", async (t) => {
  const { create, setImage, complete, replicaSets } = await started(t);
  await create({ replicas: 3 });
  for (let i = 0; i < 60; i++) await setImage(`good:${i % 3}`);
  await complete();
  const images = (await replicaSets()).map(({ spec }) => spec.template.spec.containers[0]?.image);
  assert.equal(new Set(images).size, images.length, images.join());
});

test("a ReplicaSet that is selected is adopted, and let go when it is not any more", async (t) => {
  const { client, create, complete, replicaSets, until } = await started(t);
  await create({ replicas: 2 });
  await complete();
  await client.delete(deploymentKind, key, { propagationPolicy: "Orphan" });
  await until(async () => ((await client.list(deploymentKind)).items.length === 0 ? true : undefined));
  const { metadata } = await create({ replicas: 2 });
  await complete();
  const [replicaSet, ...others] = await replicaSets();
  assert(replicaSet !== undefined);
  assert.deepEqual(others, []);
  assert.equal(controllerOf(replicaSet)?.uid, metadata.uid);

  await client.patch(replicaSetKind, replicaSet.metadata, "merge", { metadata: { labels: { app: "mine" } } });
  await until(async () => {
    const sets = await replicaSets();
    const freed = sets.find(({ metadata }) => metadata.uid === replicaSet.metadata.uid);
    return freed !== undefined && controllerOf(freed) === undefined ? true : undefined;
  });
});

test("a request of the old API groups to roll back is answered once", async (t) => {
  const { create, complete, setImage, patch, until, get, events } = await started(t);
  await create();
  await complete();
  await setImage("good:1");
  await complete();
  await patch({ metadata: { annotations: { "deprecated.deployment.rollback.to": "0" } } });
  const { metadata } = await until(async () => {
    const deployment = await get();
    return deployment.spec.template.spec.containers[0]?.image === "good:0" ? deployment : undefined;
  });
  assert.equal(metadata.annotations?.["deprecated.deployment.rollback.to"], undefined);
  await complete();
  assert.deepEqual(await events("DeploymentRollback"), ['Rolled back deployment "web" to revision 1']);
});

test("recreating waits for the last old pod", async (t) => {
  const { client, create, setImage, complete } = await started(t);
  await create({ replicas: 3, strategy: { type: "Recreate" } });
  await complete();
  const changes = await recorded(t, client, podKind);
  await setImage("good:1");
  await complete();
  const pods = new Map<string, string | undefined>();
  for (const { metadata, spec } of (await client.list(podKind, { namespace })).items) {
    assert.equal(spec.containers[0]?.image, "good:1", metadata.name);
  }
  for (const { event } of changes) {
    const { metadata, spec } = event.object;
    if (event.type === "DELETED") pods.delete(metadata.name);
    else pods.set(metadata.name, spec.containers[0]?.image);
    const images = new Set(pods.values());
    assert(images.size <= 1, [...images].join());
  }
});

/** Each with another mix of size and limits; the second template never gets ready, the third does. */
const rollouts: {
  replicas: number;
  maxSurge: number | string;
  maxUnavailable: number | string;
  surge: number;
  missing: number;
}[] = [
  { replicas: 4, maxSurge: 1, maxUnavailable: 0, surge: 1, missing: 0 },
  { replicas: 5, maxSurge: 0, maxUnavailable: 2, surge: 0, missing: 2 },
  { replicas: 10, maxSurge: "25%", maxUnavailable: "25%", surge: 3, missing: 2 },
  { replicas: 7, maxSurge: "100%", maxUnavailable: 1, surge: 7, missing: 1 },
  { replicas: 3, maxSurge: 0, maxUnavailable: "10%", surge: 0, missing: 1 },
];

for (const { replicas, maxSurge, maxUnavailable, surge, missing } of rollouts) {
  const what = `${replicas} with maxSurge ${maxSurge}, maxUnavailable ${maxUnavailable}`;
  test(`a rolling update of ${what} keeps its limits in every revision of the store`, async (t) => {
    const { client, create, complete, setImage } = await started(t);
    await create({ replicas, strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } } });
    await complete();
    const available = new Set((await client.list(podKind, { namespace })).items.map(({ metadata }) => metadata.name));
    const wanted = new Map(
      (await client.list(replicaSetKind, { namespace })).items.map((one) => [one.metadata.name, one.spec.replicas]),
    );
    const pods = await recorded(t, client, podKind);
    const sets = await recorded(t, client, replicaSetKind);
    for (const image of ["good:1", "broken:2", "good:3", "good:0"]) {
      await setImage(image);
      if (image !== "broken:2") await complete();
    }
    const steps = [
      ...pods.map(({ version, event }) => ({ version, apply: () => note(available, event) })),
      ...sets.map(({ version, event: { object } }) => ({
        version,
        apply: () => wanted.set(object.metadata.name, object.spec.replicas),
      })),
    ].sort((a, b) => Number(a.version - b.version));
    assert(steps.length > 3 * replicas);
    for (const { version, apply } of steps) {
      apply();
      assert(available.size >= replicas - missing, `${available.size} available at ${version}`);
      const all = [...wanted.values()].reduce((sum, count) => sum + count, 0);
      assert(all <= replicas + surge, `${all} wanted at ${version}`);
    }
  });
}

function note(available: Set<string>, { type, object }: Exclude<WatchEvent<Pod>, { type: "BOOKMARK" }>): void {
  const isReady = object.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
  if (type === "DELETED" || object.metadata.deletionTimestamp !== undefined || !isReady)
    available.delete(object.metadata.name);
  else available.add(object.metadata.name);
}
