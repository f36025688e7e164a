import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "@fairlead/api/core/v1/node/node";
import { freePort } from "@fairlead/lib/free-port.testing";
import { silentLogger } from "@fairlead/lib/log";
import { startHealthServer, startMetricsServer } from "../health-server.ts";
import { isEligible } from "./node-view.ts";
import { service, slice } from "./objects.testing.ts";
import { healthCheckOf, startServiceHealth } from "./service-health.ts";
import { servicePorts } from "./service-ports.ts";

const spec = { type: "LoadBalancer", externalTrafficPolicy: "Local", healthCheckNodePort: 32_000 } as const;

const cases: { name: string; spec: object; endpoints: string; want: number | undefined }[] = [
  { name: "counts the endpoints here", spec, endpoints: "10.244.1.2@n1 10.244.1.3@n1 10.244.2.2@n2", want: 2 },
  { name: "counts none where there is none", spec, endpoints: "10.244.2.2@n2", want: 0 },
  { name: "does not count what ends", spec, endpoints: "10.244.1.2@n1 10.244.1.3@n1~", want: 1 },
  { name: "counts none where all end, though they serve", spec, endpoints: "10.244.1.2@n1~ 10.244.2.2@n2", want: 0 },
  {
    name: "is not for policy Cluster",
    spec: { ...spec, externalTrafficPolicy: "Cluster" },
    endpoints: "",
    want: undefined,
  },
  {
    name: "is not for Services without a port for it",
    spec: { ...spec, healthCheckNodePort: 0 },
    endpoints: "",
    want: undefined,
  },
];

for (const { name, spec, endpoints, want } of cases) {
  test(`the health check of a Service ${name}`, () => {
    const object = service(spec);
    const mappings = servicePorts(object, [slice(endpoints)], { family: "ip", place: { nodeName: "n1" } });
    assert.equal(healthCheckOf(object, mappings)?.localEndpoints, want);
  });
}

test("the health check answers on its port, follows its Service, and closes with it", async (t) => {
  const health = startServiceHealth({ isHealthy: () => true, log: silentLogger });
  t.after(() => health.stop());
  const port = await freePort();
  const check = { port, namespace: "shop", name: "quote", localEndpoints: 1 };
  health.set("shop/quote", check);
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("x-load-balancing-endpoint-weight"), "1");
  assert.deepEqual(await answer.json(), {
    service: { namespace: "shop", name: "quote" },
    localEndpoints: 1,
    serviceProxyHealthy: true,
  });
  health.set("shop/quote", { ...check, localEndpoints: 0 });
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 503);
  health.set("shop/quote", undefined);
  await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
});

test("the proxy is healthy once it has written, and not while the kernel refuses", async (t) => {
  let state = { healthy: true, lastUpdatedMs: undefined as number | undefined, nowMs: 2000, nodeEligible: true };
  const server = await startHealthServer(() => state, { host: "127.0.0.1", port: 0 });
  t.after(() => server.stop());
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${server.port}${path}`)).status;
  assert.equal(await status("/healthz"), 503);
  state = { ...state, lastUpdatedMs: 1000 };
  assert.equal(await status("/healthz"), 200);
  assert.equal(await status("/other"), 404);
  state = { ...state, nodeEligible: false };
  assert.deepEqual([await status("/healthz"), await status("/livez")], [503, 200], "its node is about to go");
  state = { ...state, nodeEligible: true, healthy: false };
  assert.equal(await status("/livez"), 503);
});

test("the metrics server answers what is counted, and how the proxy works", async (t) => {
  const server = await startMetricsServer({ text: () => "counted 1\n" }, { host: "127.0.0.1", port: 0 });
  t.after(() => server.stop());
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return `${answer.status} ${answer.headers.get("content-type")} ${await answer.text()}`;
  };
  assert.equal(await ask("/metrics?a=b"), "200 text/plain; version=0.0.4; charset=utf-8 counted 1\n");
  assert.equal(await ask("/proxyMode"), "200 text/plain; charset=utf-8 nftables");
  assert.equal(await ask("/healthz"), "200 text/plain; charset=utf-8 ok");
  assert.equal(await ask("/other"), "404 text/plain; charset=utf-8 404 page not found\n");
});

const nodeCases: { name: string; node: object | undefined; want: boolean }[] = [
  { name: "is", node: {}, want: true },
  { name: "that is not known is", node: undefined, want: true },
  {
    name: "with a taint of its own is",
    node: { spec: { taints: [{ key: "mine", effect: "NoExecute" }] } },
    want: true,
  },
  {
    name: "that the autoscaler takes away is not",
    node: { spec: { taints: [{ key: "ToBeDeletedByClusterAutoscaler", effect: "NoSchedule" }] } },
    want: false,
  },
  {
    name: "that is being deleted is not",
    node: { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } },
    want: false,
  },
];
for (const { name, node, want } of nodeCases) {
  test(`a node ${name} eligible for traffic of load balancers`, () => {
    assert.equal(isEligible(node && ({ metadata: {}, spec: {}, ...node } as Node)), want);
  });
}
