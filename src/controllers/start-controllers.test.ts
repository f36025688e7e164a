import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { endpointsKind } from "@fairlead/api/core/v1/endpoints/endpoints";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { serviceAccountKind } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import { endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { startControllersIn } from "./controllers.testing.ts";

test("the controllers make what a namespace and a node need", async (t) => {
  const { client, until } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: "team" } });
  await client.create(nodeKind, { metadata: { name: "n1" } });
  await client.create(nodeKind, { metadata: { name: "n2" } });
  await until(() => client.get(serviceAccountKind, { namespace: "team", name: "default" }));
  const ca = await until(() => client.get(configMapKind, { namespace: "team", name: "kube-root-ca.crt" }));
  assert.equal(ca.data?.["ca.crt"], "PEM");
  const ranges = await until(async () => {
    const { items } = await client.list(nodeKind);
    return items.every(({ spec }) => spec.podCIDR !== undefined) ? items.map(({ spec }) => spec.podCIDR) : undefined;
  });
  assert.deepEqual(ranges.sort(), ["10.244.0.0/24", "10.244.1.0/24"]);
});

test("a Service's endpoints follow its pods", async (t) => {
  const { client, until, runPod } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: "team" } });
  await client.create(nodeKind, { metadata: { name: "n1" } });
  await client.create(serviceKind, {
    metadata: { name: "web", namespace: "team" },
    spec: {
      clusterIP: "10.96.0.20",
      ipFamilies: ["IPv4"],
      selector: { app: "web" },
      ports: [{ port: 80, targetPort: 8080 }],
    },
  });
  await runPod({ name: "a", ip: "10.244.0.2" });
  await runPod({ name: "b", ip: "10.244.0.3" });

  const addresses = async () => {
    const { items } = await client.list(endpointSliceKind, { namespace: "team" });
    return items.flatMap((slice) => slice.endpoints.flatMap((endpoint) => endpoint.addresses)).sort();
  };
  await until(async () => ((await addresses()).length === 2 ? true : undefined));
  assert.deepEqual(await addresses(), ["10.244.0.2", "10.244.0.3"]);
  const { items } = await client.list(endpointSliceKind, { namespace: "team" });
  assert.equal(items.length, 1);
  await until(async () => {
    const endpoints = await client.get(endpointsKind, { namespace: "team", name: "web" });
    return endpoints.subsets?.[0]?.addresses?.length === 2 ? endpoints : undefined;
  });

  await client.delete(podKind, { namespace: "team", name: "a" }, { gracePeriodSeconds: 0 });
  await until(async () => ((await addresses()).join() === "10.244.0.3" ? true : undefined));
});

test("a deleted namespace is emptied and goes", async (t) => {
  const { client, until } = await startControllersIn(t);
  await client.create(namespaceKind, { metadata: { name: "team" } });
  await client.create(configMapKind, { metadata: { name: "c", namespace: "team" } });
  await until(() => client.get(serviceAccountKind, { namespace: "team", name: "default" }));
  await client.delete(namespaceKind, { name: "team" });
  await until(async () => {
    const { items } = await client.list(namespaceKind);
    return items.some(({ metadata }) => metadata.name === "team") ? undefined : true;
  });
  assert.deepEqual((await client.list(configMapKind, { namespace: "team" })).items, []);
});
