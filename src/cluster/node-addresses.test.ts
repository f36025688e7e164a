import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "@fairlead/api/core/v1/node/node";
import { testClusterConfig } from "./cluster.testing.ts";
import { currentAddresses } from "./node-addresses.ts";

const config = testClusterConfig({ nodes: 2 });

const rows: { name: string; nodes: Node[]; want: string }[] = [
  { name: "without a Node, what the machine was given", nodes: [], want: "172.30.0.11 172.30.0.12" },
  { name: "a node that moved", nodes: [node("fairlead-2", "172.30.0.99")], want: "172.30.0.11 172.30.0.99" },
  {
    name: "a node that has not said its address yet, and a node of another cluster",
    nodes: [node("fairlead-1"), node("other", "172.30.0.98")],
    want: "172.30.0.11 172.30.0.12",
  },
];

for (const { name, nodes, want } of rows) {
  test(`currentAddresses: ${name}`, () => {
    const addresses = currentAddresses(config, nodes);
    assert.deepEqual([...addresses.keys()], ["fairlead-1", "fairlead-2"]);
    assert.equal([...addresses.values()].join(" "), want);
  });
}

function node(name: string, ...addresses: string[]): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, creationTimestamp: "2026-01-01T00:00:00Z", uid: name, resourceVersion: "1" },
    spec: {},
    status: {
      addresses: [
        { type: "Hostname", address: name },
        ...addresses.map((address) => ({ type: "InternalIP" as const, address })),
      ],
    },
  };
}
