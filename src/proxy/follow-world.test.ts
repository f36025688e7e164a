import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeApi, type FakeApi } from "@fairlead/client/fake-api.testing";
import { createClient } from "@fairlead/client/rest/rest-client";
import { systemClock } from "@fairlead/lib/clock";
import { settle } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { followWorld } from "./follow-world.ts";

type Ports = readonly { readonly port: number; readonly protocol: string; readonly nodePort?: number }[];

const http: Ports = [{ port: 80, protocol: "TCP" }];
const onNodePort = (nodePort: number, protocol = "TCP"): Ports => [{ port: 80, protocol, nodePort }];

function putService(api: FakeApi, name: string, ports: Ports, externalIPs: readonly string[] = []): void {
  api.put(`/api/v1/namespaces/shop/services/${name}`, {
    metadata: { namespace: "shop" },
    spec: { ports, externalIPs },
    status: {},
  });
}

function putNode(
  api: FakeApi,
  name: string,
  address: string,
  more: { labels?: object; conditions?: object[] } = {},
): void {
  const { labels = {}, conditions = [] } = more;
  const status = { addresses: [{ type: "InternalIP", address }], conditions };
  api.put(`/api/v1/nodes/${name}`, { metadata: { labels }, spec: {}, status });
}

const cases: { name: string; change: (api: FakeApi) => void; want: string[] }[] = [
  {
    name: "a new node port that is another Service's external port",
    change: (api) => putService(api, "new", onNodePort(30_080)),
    want: ["shop/new", "shop/takes-30080"],
  },
  {
    name: "a node port that no external address has",
    change: (api) => putService(api, "new", onNodePort(30_081)),
    want: ["shop/new"],
  },
  {
    name: "the number as a node port of another protocol",
    change: (api) => putService(api, "new", onNodePort(30_080, "UDP")),
    want: ["shop/new"],
  },
  {
    name: "a node port that is exchanged for another",
    change: (api) => putService(api, "has-30090", onNodePort(30_080)),
    want: ["shop/has-30090", "shop/takes-30080", "shop/takes-30090"],
  },
  {
    name: "a node port that stays",
    change: (api) => putService(api, "has-30090", [...onNodePort(30_090), { port: 81, protocol: "TCP" }]),
    want: ["shop/has-30090"],
  },
  {
    name: "a node port whose Service goes",
    change: (api) => api.remove("/api/v1/namespaces/shop/services/has-30090"),
    want: ["shop/has-30090", "shop/takes-30090"],
  },
  {
    name: "another node's heartbeat",
    change: (api) => putNode(api, "n2", "172.30.0.12", { conditions: [{}] }),
    want: [],
  },
  {
    name: "another node's address",
    change: (api) => putNode(api, "n2", "172.30.0.13"),
    want: ["shop/takes-30080", "shop/takes-30090"],
  },
  {
    name: "another node that becomes a control plane",
    change: (api) => putNode(api, "n2", "172.30.0.12", { labels: { "node-role.kubernetes.io/control-plane": "" } }),
    want: ["shop/takes-30080", "shop/takes-30090"],
  },
  {
    name: "another label of another node",
    change: (api) => putNode(api, "n2", "172.30.0.12", { labels: { a: "" } }),
    want: [],
  },
  {
    name: "a label of this node",
    change: (api) => putNode(api, "n1", "172.30.0.11", { labels: { a: "" } }),
    want: ["shop/has-30090", "shop/plain", "shop/takes-30080", "shop/takes-30090"],
  },
];

for (const { name, change, want } of cases) {
  test(`Services that are worked out again: ${name}`, async (t) => {
    const api = createFakeApi();
    putNode(api, "n1", "172.30.0.11");
    putNode(api, "n2", "172.30.0.12");
    putService(api, "plain", http);
    putService(api, "has-30090", onNodePort(30_090));
    for (const port of [30_080, 30_090]) putService(api, `takes-${port}`, [{ port, protocol: "TCP" }], ["172.30.0.12"]);
    const followed = followWorld({ client: createClient(api), nodeName: "n1", log: silentLogger, clock: systemClock });
    t.after(() => followed.stop());
    await followed.synced;
    const touched = new Set<string>();
    followed.onChange((keys) => {
      for (const key of keys) touched.add(key);
    });
    // Those that were there at the start.
    touched.clear();

    change(api);
    // Comes last in its watch, and concerns no Service.
    api.put("/api/v1/nodes/last", { spec: {}, status: {} });
    putService(api, "last", http);
    while (followed.world.service("shop/last") === undefined || followed.world.nodes().length < 3) await settle();
    touched.delete("shop/last");
    assert.deepEqual([...touched].sort(), want);
  });
}
