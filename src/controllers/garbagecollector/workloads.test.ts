import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import type { DeleteCallOptions } from "@fairlead/client/client";
import { startControllersIn } from "../controllers.testing.ts";
import { controllerOf } from "../ownership/claim.ts";

const namespace = "team";
const key = { namespace, name: "web" };

/** A Deployment of two pods, and the objects of it that exist. */
async function started(t: TestContext) {
  const { client, until } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: namespace } });
  await client.create(deploymentKind, {
    metadata: key,
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "app:1" }] } },
    },
  });
  const count = async (kind: ResourceReference) => (await client.list(kind, { namespace })).items.length;
  /** Waits for that many Deployments, ReplicaSets and pods. */
  const there = (deployments: number, replicaSets: number, pods: number) =>
    until(async () => {
      const now = [await count(deploymentKind), await count(replicaSetKind), await count(podKind)];
      return now.join() === [deployments, replicaSets, pods].join() ? true : undefined;
    });
  await there(1, 1, 2);
  return {
    client,
    until,
    there,
    delete: (propagationPolicy: DeleteCallOptions["propagationPolicy"]) =>
      client.delete(deploymentKind, key, { propagationPolicy }),
    only: async <T extends KubeObject>(kind: ResourceReference<T>): Promise<T> => {
      const [first] = (await client.list(kind, { namespace })).items;
      assert(first !== undefined);
      return first;
    },
  };
}

test("a Deployment that is deleted takes its ReplicaSets and their pods along", async (t) => {
  const { there, ...cluster } = await started(t);
  await cluster.delete("Background");
  await there(0, 0, 0);
});

test("in the foreground, a Deployment waits for the last of its pods", async (t) => {
  const { client, until, there, only, ...cluster } = await started(t);
  const { metadata } = await only(podKind);
  await client.patch(podKind, { namespace, name: metadata.name }, "merge", {
    metadata: { finalizers: ["example.com/hold"] },
  });
  await cluster.delete("Foreground");
  await there(1, 1, 1);
  await until(async () => (await client.get(podKind, { namespace, name: metadata.name })).metadata.deletionTimestamp);
  for (const kind of [deploymentKind, replicaSetKind]) {
    assert.notEqual((await only<KubeObject>(kind)).metadata.deletionTimestamp, undefined, kind.kind);
  }
  await client.patch(podKind, { namespace, name: metadata.name }, "merge", { metadata: { finalizers: null } });
  await there(0, 0, 0);
});

test("orphans of a Deployment go on by themselves, until one that selects them takes them again", async (t) => {
  const { client, until, there, only, ...cluster } = await started(t);
  const { spec } = await only(deploymentKind);
  await cluster.delete("Orphan");
  await there(0, 1, 2);
  const orphan = await until(async () => {
    const replicaSet = await only(replicaSetKind);
    return controllerOf(replicaSet) === undefined ? replicaSet : undefined;
  });
  const { metadata } = await only(podKind);
  await client.delete(podKind, { namespace, name: metadata.name });
  await until(async () => {
    const { items } = await client.list(podKind, { namespace });
    const isOther = items.every((pod) => pod.metadata.uid !== metadata.uid);
    return isOther && items.length === 2 ? true : undefined;
  });

  const heir = await client.create(deploymentKind, { metadata: key, spec });
  const taken = await until(async () => {
    const replicaSet = await only(replicaSetKind);
    return controllerOf(replicaSet)?.uid === heir.metadata.uid ? replicaSet : undefined;
  });
  assert.equal(taken.metadata.uid, orphan.metadata.uid);
  await there(1, 1, 2);
});
