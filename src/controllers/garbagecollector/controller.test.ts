import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import type { Client } from "@fairlead/client/client";
import { startControllersIn } from "../controllers.testing.ts";

test("what an object owns goes with it, and what that owns as well", async (t) => {
  const { client, until } = await startControllersIn(t);
  const owner = await create(client, "owner");
  const child = await create(client, "child", owner);
  await create(client, "grandchild", child);
  const other = await create(client, "other");
  await create(client, "shared", owner, other);
  await client.delete(configMapKind, keyOf("owner"));
  await until(async () => ((await names(client)).join() === "other,shared" ? true : undefined));
  const owners = await until(async () => {
    const { ownerReferences = [] } = (await client.get(configMapKind, keyOf("shared"))).metadata;
    return ownerReferences.length === 1 ? ownerReferences : undefined;
  });
  assert.equal(owners[0]?.name, "other");
});

test("in the foreground, dependents go first", async (t) => {
  const { client, until } = await startControllersIn(t);
  const owner = await create(client, "owner");
  const child = await create(client, "child", owner);
  await client.patch(configMapKind, keyOf("child"), "merge", { metadata: { finalizers: ["example.com/hold"] } });
  await client.delete(configMapKind, keyOf("owner"), { propagationPolicy: "Foreground" });
  await until(async () => (await client.get(configMapKind, keyOf("child"))).metadata.deletionTimestamp);
  assert.deepEqual(await names(client), ["child", "owner"]);
  assert.equal(child.metadata.deletionTimestamp, undefined);
  await client.patch(configMapKind, keyOf("child"), "merge", { metadata: { finalizers: null } });
  await until(async () => ((await names(client)).length === 0 ? true : undefined));
});

test("orphaned dependents stay and forget their owner", async (t) => {
  const { client, until } = await startControllersIn(t);
  const owner = await create(client, "owner");
  await create(client, "child", owner);
  await client.delete(configMapKind, keyOf("owner"), { propagationPolicy: "Orphan" });
  await until(async () => ((await names(client)).join() === "child" ? true : undefined));
  assert.deepEqual((await client.get(configMapKind, keyOf("child"))).metadata.ownerReferences ?? [], []);
});

test("an object whose owner never was goes, one whose owner's kind is unknown stays", async (t) => {
  const { client, until } = await startControllersIn(t);
  const owner = await create(client, "owner");
  const gone = { ...owner, metadata: { ...owner.metadata, uid: "00000000-0000-0000-0000-000000000000" } };
  await create(client, "child", { ...owner, kind: "Widget", apiVersion: "example.com/v1" });
  await create(client, "stray", gone);
  await until(async () => ((await names(client)).join() === "child,owner" ? true : undefined));
});

const keyOf = (name: string) => ({ namespace: "team", name });

async function create(client: Client, name: string, ...owners: ConfigMap[]): Promise<ConfigMap> {
  await client.create(namespaceKind, { metadata: { name: "team" } }).catch(() => {}); // It may be there already.
  return client.create<ConfigMap>(configMapKind, {
    metadata: {
      ...keyOf(name),
      ownerReferences: owners.map(({ apiVersion, kind, metadata }) => ({
        ...{ apiVersion, kind, name: metadata.name, uid: metadata.uid },
        blockOwnerDeletion: true,
      })),
    },
  });
}

/** The ConfigMaps of the test, in order. */
async function names(client: Client): Promise<string[]> {
  const { items } = await client.list(configMapKind, { namespace: "team" });
  return items
    .map(({ metadata }) => metadata.name)
    .filter((name) => name !== "kube-root-ca.crt")
    .sort();
}
