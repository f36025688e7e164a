import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "@fairlead/api/complete.testing";
import { type Node, nodeKind } from "@fairlead/api/core/v1/node/node";
import { type Service, serviceKind } from "@fairlead/api/core/v1/service/service";
import { type EndpointSlice, endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { L2Advertisement } from "../kinds/l2-advertisement.ts";
import { type ElectionInput, electNode, firstAlive } from "./choose-node.ts";

interface NodeFacts {
  readonly labels?: Readonly<Record<string, string>>;
  readonly conditions?: Readonly<Record<string, "True" | "False" | "Unknown">>;
}

function node(name: string, { labels = {}, conditions = { Ready: "True" } }: NodeFacts = {}): Node {
  const listed = Object.entries(conditions).map(([type, status]) => ({ type, status }));
  return complete(nodeKind, { metadata: { name, labels }, status: { conditions: listed } });
}

function service(externalTrafficPolicy: "Cluster" | "Local" = "Cluster", labels = {}): Service {
  return complete(serviceKind, {
    metadata: { name: "web", namespace: "shop", labels },
    spec: { type: "LoadBalancer", externalTrafficPolicy, ports: [{ port: 80 }] },
  });
}

/** @param endpoints - `NODE` or `NODE not`, for one that is not ready. */
function slice(...endpoints: readonly string[]): EndpointSlice {
  return complete(endpointSliceKind, {
    metadata: { name: "web-1", namespace: "shop" },
    addressType: "IPv4",
    endpoints: endpoints.map((text, at) => {
      const [nodeName = "", not] = text.split(" ");
      return { addresses: [`10.244.0.${at}`], nodeName, conditions: { ready: not === undefined } };
    }),
    ports: [{ port: 8080 }],
  });
}

function advertisement(spec: L2Advertisement["spec"] = {}): L2Advertisement {
  const metadata = { name: "l2", namespace: "metallb-system", uid: "", resourceVersion: "", creationTimestamp: "" };
  return { apiVersion: "metallb.io/v1beta1", kind: "L2Advertisement", metadata, spec };
}

const nodes = [node("a"), node("b"), node("c")];
/** `printf '%s' 'a#10.0.0.1' | sha256sum` begins with 0b, that of c with 5b, that of b with 69. */
const ORDER = ["a", "c", "b"];

const base: ElectionInput = {
  ...{ service: service(), addresses: ["10.0.0.1"], pool: { name: "default", labels: { tier: "front" } } },
  ...{ slices: [slice("a", "c")], advertisements: [advertisement()], nodes },
};

const rows: readonly (readonly [title: string, change: Partial<ElectionInput>, result: readonly string[] | RegExp])[] =
  [
    ["any node, in the order of the hashes", {}, ORDER],
    ["any node, whatever the order of the nodes is", { nodes: nodes.toReversed() }, ORDER],
    ["no node without a ready endpoint", { slices: [slice("a not")] }, /no endpoint of the Service is ready/],
    ["no node without endpoints", { slices: [] }, /no endpoint of the Service is ready/],
    ["a node with a ready endpoint for the policy Local", { service: service("Local") }, ["a", "c"]],
    [
      "no node where endpoints are ready on other nodes alone",
      { service: service("Local"), slices: [slice("d", "a not")] },
      /no node that may answer has a ready endpoint/,
    ],
    ["no node without an advertisement", { advertisements: [] }, /no L2Advertisement is for the pool "default"/],
    ["any node for the pool by name", { advertisements: [advertisement({ ipAddressPools: ["default"] })] }, ORDER],
    [
      "no node for another pool",
      { advertisements: [advertisement({ ipAddressPools: ["other"] })] },
      /no L2Advertisement/,
    ],
    [
      "any node for the pool by its labels",
      { advertisements: [advertisement({ ipAddressPoolSelectors: [{ matchLabels: { tier: "front" } }] })] },
      ORDER,
    ],
    [
      "no node for other Services",
      { advertisements: [advertisement({ serviceSelectors: [{ matchLabels: { app: "web" } }] })] },
      /no L2Advertisement/,
    ],
    [
      "selected nodes",
      {
        nodes: [node("a", { labels: { rack: "1" } }), node("b"), node("c", { labels: { rack: "2" } })],
        advertisements: ["1", "2"].map((rack) => advertisement({ nodeSelectors: [{ matchLabels: { rack } }] })),
      },
      ["a", "c"],
    ],
    [
      "no node where none is selected",
      { advertisements: [advertisement({ nodeSelectors: [{ matchLabels: { rack: "1" } }] })] },
      /no node may answer that an L2Advertisement selects/,
    ],
    [
      "a preferred node first",
      {
        nodes: [node("a"), node("b", { labels: { fast: "" } }), node("c")],
        advertisements: [
          advertisement({
            preferredNodeSelectors: [
              { weight: 10, preference: { matchExpressions: [{ key: "fast", operator: "Exists" }] } },
              { weight: 5, preference: {} },
            ],
          }),
        ],
      },
      ["b", "a", "c"],
    ],
    [
      "no node that is kept from load balancers",
      {
        nodes: [
          node("a"),
          node("b", { labels: { "node.kubernetes.io/exclude-from-external-load-balancers": "false" } }),
        ],
      },
      ["a"],
    ],
    [
      "no node without a network",
      { nodes: [node("a"), node("b", { conditions: { NetworkUnavailable: "True" } })] },
      ["a"],
    ],
    ["Ready nodes", { nodes: [node("a"), node("b", { conditions: { Ready: "Unknown" } })] }, ["a"]],
    [
      "nodes that are not Ready where none is",
      { nodes: [node("a", { conditions: { Ready: "False" } }), node("b", { conditions: { Ready: "Unknown" } })] },
      ["a", "b"],
    ],
  ];

for (const [title, change, result] of rows) {
  test(`an address is answered for by ${title}`, () => {
    const election = electNode({ ...base, ...change });
    if (result instanceof RegExp) assert.match("why" in election ? election.why : "", result);
    else assert.deepEqual("candidates" in election ? election.candidates : election.why, result);
  });
}

test("a node answers at the interfaces of all advertisements that select it", () => {
  const named = [
    advertisement({ interfaces: ["eth0", "eth1"] }),
    advertisement({ interfaces: ["eth1", "eth2"], nodeSelectors: [{ matchLabels: { rack: "1" } }] }),
  ];
  const racked = [node("a", { labels: { rack: "1" } }), node("b")];
  const interfaces = (advertisements: readonly L2Advertisement[]) => {
    const election = electNode({ ...base, nodes: racked, advertisements });
    assert.ok("candidates" in election);
    return racked.map(({ metadata }) => election.interfacesOf(metadata.name));
  };
  assert.deepEqual(interfaces(named), [
    ["eth0", "eth1", "eth2"],
    ["eth0", "eth1"],
  ]);
  assert.deepEqual(interfaces([...named, advertisement()]), [undefined, undefined]);
});

test("the first candidate that is there answers, and the first of all when none is", () => {
  assert.equal(
    firstAlive(ORDER, (name) => name !== "a"),
    "c",
  );
  assert.equal(
    firstAlive(ORDER, () => false),
    "a",
  );
  assert.equal(
    firstAlive([], () => true),
    undefined,
  );
});
