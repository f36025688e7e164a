import assert from "node:assert/strict";
import { test } from "node:test";
import { customResourceDefinitionKind } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import type { Client } from "@fairlead/client/client";
import { type ControlledCluster, startControllersIn } from "../controllers.testing.ts";

const widgets: ResourceReference<KubeObject> = {
  group: "example.com",
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  namespaced: true,
};

const definition = {
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "widgets", kind: "Widget" },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
  },
};

const keyOf = (name: string) => ({ namespace: "team", name });

test("custom resources own and are owned", async (t) => {
  const { client, until } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: "team" } });
  await client.create(customResourceDefinitionKind, definition);
  const owner = await until(() => createOwned(client, "owner"));
  const child = await createOwned(client, "child", owner);
  const ownerReferences = [referenceTo(child)];
  await client.create(configMapKind, { metadata: { ...keyOf("grandchild"), ownerReferences } });
  await client.delete(widgets, keyOf("owner"));
  await until(async () => {
    const [{ items: objects }, { items: maps }] = await Promise.all([client.list(widgets), client.list(configMapKind)]);
    const isGone = !maps.some(({ metadata }) => metadata.name === "grandchild");
    return objects.length === 0 && isGone ? true : undefined;
  });
});

test("what a definition's objects own goes when the definition goes", async (t) => {
  const { client, until } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: "team" } });
  await client.create(customResourceDefinitionKind, definition);
  const owner = await until(() => createOwned(client, "owner"));
  await client.create(configMapKind, { metadata: { ...keyOf("child"), ownerReferences: [referenceTo(owner)] } });
  await followed(client, until);
  await client.delete(customResourceDefinitionKind, { name: definition.metadata.name });
  await until(async () => {
    const { items } = await client.list(configMapKind, { namespace: "team" });
    return items.some(({ metadata }) => metadata.name === "child") ? undefined : true;
  });
  assert.equal((await client.list(customResourceDefinitionKind)).items.length, 0);
});

/** Resolves once the garbage collector has all widgets so far: it lets an owner go that is deleted in the foreground. */
async function followed(client: Client, until: ControlledCluster["until"]): Promise<void> {
  await createOwned(client, "last");
  await client.delete(widgets, keyOf("last"), { propagationPolicy: "Foreground" });
  await until(async () => {
    const { items } = await client.list(widgets);
    return items.some(({ metadata }) => metadata.name === "last") ? undefined : true;
  });
}

function referenceTo({ metadata: { name, uid } }: KubeObject) {
  return { apiVersion: "example.com/v1", kind: "Widget", name, uid };
}

function createOwned(client: Client, name: string, ...owners: KubeObject[]): Promise<KubeObject> {
  const metadata = { ...keyOf(name), ownerReferences: owners.map(referenceTo) };
  return client.create<KubeObject>(widgets, { metadata });
}
