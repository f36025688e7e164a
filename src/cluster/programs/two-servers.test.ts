/** Two servers of one cluster, on one store that both can write. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { customResourceDefinitionKind } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { leaseKind } from "@fairlead/api/coordination/v1/lease/lease";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { endpointsKind } from "@fairlead/api/core/v1/endpoints/endpoints";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { isNotFound } from "@fairlead/api/status-error";
import { startCache } from "@fairlead/client/cache/start-cache";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { until } from "@fairlead/lib/until.testing";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import { testClusterConfig } from "../cluster.testing.ts";
import { ensureClusterPki } from "../pki/ensure-cluster-pki.ts";
import { type ServedCluster, startServer } from "./start-server.testing.ts";

const spec = { log: silentLogger, clock: systemClock };

let one: ServedCluster;
let two: ServedCluster;
let pkiFolder: string;

before(async () => {
  pkiFolder = await mkdtemp(path.join(tmpdir(), "fairlead-test-"));
  await ensureClusterPki(pkiFolder, testClusterConfig({ nodes: 2 }), new Date());
  const store = createMemoryStore();
  one = await startServer({ store, pkiFolder, advertiseAddress: "172.30.0.1" });
  two = await startServer({ store, pkiFolder, advertiseAddress: "172.30.0.2" });
});

after(async () => {
  await Promise.all([one.stop(), two.stop()]);
  await rm(pkiFolder, { recursive: true, force: true });
});

/** The addresses of the API servers, as pods find them. */
async function endpoints({ client }: ServedCluster): Promise<string> {
  const found = await client.get(endpointsKind, { namespace: "default", name: "kubernetes" });
  return (found.subsets ?? []).flatMap(({ addresses = [] }) => addresses.map(({ ip }) => ip)).join(" ");
}

async function holders({ client }: ServedCluster): Promise<string> {
  const { items } = await client.list(leaseKind, { namespace: "kube-system" });
  return items.map(({ metadata, spec: { holderIdentity } }) => `${metadata.name} ${holderIdentity}`).join(", ");
}

test("both servers are endpoints of the API, and one of them leads", async () => {
  assert.equal(await endpoints(one), "172.30.0.1 172.30.0.2");
  assert.equal(await holders(two), "kube-controller-manager 172.30.0.1, kube-scheduler 172.30.0.1");
});

test("what one server has written, the other one reads, watches and protects at once", async (t) => {
  const maps = startCache(two.client, configMapKind, { ...spec, namespace: "default" });
  t.after(() => maps.stop());
  await maps.synced;
  const key = { namespace: "default", name: "m" };
  const made = await one.client.create(configMapKind, { metadata: key, data: { a: "1" } });
  const read = await two.client.get(configMapKind, key);
  assert.deepEqual(read, made);
  const { items } = await two.client.list(configMapKind, { namespace: "default" });
  assert.ok(items.some(({ metadata }) => metadata.uid === made.metadata.uid));
  await two.client.update(configMapKind, { ...made, data: { a: "2" } });
  await assert.rejects(one.client.update(configMapKind, { ...made, data: { a: "3" } }), { reason: "Conflict" });
  await until("the change in a watch", () => maps.get("default/m")?.data?.a === "2" || undefined);
});

test("a resource that is defined on one server is served by both", async () => {
  await one.client.create(customResourceDefinitionKind, widgets);
  const listed = async () => {
    try {
      return await two.client.raw("GET", "/apis/example.com/v1/widgets");
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  await until("the resource on the other server", listed);
});

test("no server gives an address or a port that the other one has given", async () => {
  const created = await Promise.all(
    Array.from({ length: 20 }, (_, i) => {
      const metadata = { namespace: "default", name: `s${i}` };
      const { client } = i % 2 === 0 ? one : two;
      return client.create(serviceKind, { metadata, spec: { type: "NodePort", ports: [{ port: 80 }] } });
    }),
  );
  assert.equal(new Set(created.map((service) => service.spec.clusterIP)).size, 20);
  assert.equal(new Set(created.map((service) => service.spec.ports?.[0]?.nodePort)).size, 20);
});

test("when the server that leads stops, the other one goes on, and is the only endpoint", async () => {
  await deployed("before");
  await one.stop();
  assert.equal(await endpoints(two), "172.30.0.2");
  await deployed("after");
  assert.equal(await holders(two), "kube-controller-manager 172.30.0.2, kube-scheduler 172.30.0.2");
});

/** Creates a Deployment and waits for what a controller makes of it. */
async function deployed(name: string): Promise<void> {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } };
  const deployment = { selector: { matchLabels: labels }, template };
  await two.client.create(deploymentKind, { metadata: { namespace: "default", name }, spec: deployment });
  await until(`the ReplicaSet of ${name}`, async () => {
    const { items } = await two.client.list(replicaSetKind, { namespace: "default", labelSelector: `app=${name}` });
    return items[0];
  });
}

const widgets = {
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced" as const,
    names: { plural: "widgets", kind: "Widget" },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
  },
};
