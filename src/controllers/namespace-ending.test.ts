import assert from "node:assert/strict";
import { test } from "node:test";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { endpointsKind } from "@fairlead/api/core/v1/endpoints/endpoints";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { serviceAccountKind } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import { endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Client } from "@fairlead/client/client";
import { startControllersIn } from "./controllers.testing.ts";

const namespace = "team";
const HOLD = "example.org/hold";

function workload(name: string, replicas: number) {
  const labels = { app: name };
  const volumes = [{ name: "data", ephemeral: { volumeClaimTemplate: { spec: CLAIM } } }];
  const spec = { containers: [{ name: "c", image: "app" }], volumes };
  return {
    metadata: { name, namespace },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels, finalizers: [HOLD] }, spec } },
  };
}

const CLAIM = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };

/** A Deployment, a ReplicaSet and Services, with all that controllers make of them. Every pod stays until it is let go. */
async function fill(client: Client, until: <T>(ask: () => Promise<T | undefined>) => Promise<T>): Promise<void> {
  await client.create(namespaceKind, { metadata: { name: namespace } });
  await client.create(nodeKind, { metadata: { name: "n1" } });
  await client.create(deploymentKind, workload("web", 3));
  await client.create(replicaSetKind, workload("plain", 3));
  for (const app of ["web", "plain"]) {
    await client.create(serviceKind, {
      metadata: { name: app, namespace },
      spec: { selector: { app }, ports: [{ port: 80 }] },
    });
  }
  await client.create(serviceKind, { metadata: { name: "outside", namespace }, spec: { ports: [{ port: 80 }] } });
  await client.create(endpointsKind, {
    metadata: { name: "outside", namespace },
    subsets: [{ addresses: [{ ip: "192.0.2.1" }], ports: [{ port: 80 }] }],
  });
  const counts = async () =>
    Promise.all(
      [podKind, persistentVolumeClaimKind, endpointsKind, endpointSliceKind].map(
        async (kind) => (await client.list(kind as typeof podKind, { namespace })).items.length,
      ),
    );
  await until(async () => ((await counts()).join() === "6,6,3,3" ? true : undefined));
  await until(() => client.get(serviceAccountKind, { namespace, name: "default" }));
}

test("while a namespace is terminating, controllers ask for no new object in it, however slowly its objects go", async (t) => {
  const { client, refused, until } = await startControllersIn(t);
  await fill(client, until);
  await client.delete(namespaceKind, { name: namespace });
  const pods = async () => (await client.list(podKind, { namespace })).items;
  await until(async () =>
    (await pods()).every(({ metadata }) => metadata.deletionTimestamp !== undefined) ? true : undefined,
  );
  for (const { metadata } of await pods()) {
    // One after another, so that each owner gets the event of each pod alone.
    await client.patch(podKind, metadata, "merge", { metadata: { finalizers: null } });
    await until(async () =>
      (await pods()).some(({ metadata: { name } }) => name === metadata.name) ? undefined : true,
    );
  }
  await until(async () => {
    const { items } = await client.list(namespaceKind);
    return items.some(({ metadata }) => metadata.name === namespace) ? undefined : true;
  });
  assert.deepEqual(
    refused.filter((request) => !request.includes("/events")),
    [],
  );
});
