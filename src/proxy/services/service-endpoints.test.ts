import assert from "node:assert/strict";
import { test } from "node:test";
import type { EndpointHints } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Candidate } from "./service-endpoints.ts";
import { usableEndpoints } from "./service-endpoints.ts";

const cases: { name: string; endpoints: Candidate[]; cluster: string; local: string; zone?: string }[] = [
  { name: "none", endpoints: [], cluster: "", local: "" },
  { name: "ready ones, here and there", endpoints: [at("a", "n1"), at("b", "n2")], cluster: "a b", local: "a" },
  {
    name: "conditions that are not there mean ready",
    endpoints: [{ address: "a", port: 80, endpoint: { addresses: ["a"], conditions: {} } }],
    cluster: "a",
    local: "",
  },
  {
    name: "ending ones only while none is ready, in the cluster and here each for itself",
    endpoints: [at("a", "n1", "ending"), at("b", "n2")],
    cluster: "b",
    local: "a",
  },
  {
    name: "one that ends and no longer serves is of no use",
    endpoints: [at("a", "n1", "ended")],
    cluster: "",
    local: "",
  },
  {
    name: "hints for this node, if every endpoint has one",
    endpoints: [at("a", "n1", hints({ node: "n1" })), at("b", "n2", hints({ node: "n2" }))],
    cluster: "a",
    local: "a",
  },
  {
    name: "an endpoint without a hint makes the others' meaningless",
    endpoints: [at("a", "n1", hints({ node: "n1" })), at("b", "n2")],
    cluster: "a b",
    local: "a",
  },
  {
    name: "hints for other nodes only: all of them",
    endpoints: [at("a", "n3", hints({ node: "n3" })), at("b", "n2", hints({ node: "n2" }))],
    cluster: "a b",
    local: "",
  },
  {
    name: "hints for this zone",
    endpoints: [at("a", "n3", hints({ zone: "z1" })), at("b", "n2", hints({ zone: "z2" }))],
    zone: "z1",
    cluster: "a",
    local: "",
  },
  {
    name: "hints for zones on a node without a zone",
    endpoints: [at("a", "n3", hints({ zone: "z1" })), at("b", "n2", hints({ zone: "z2" }))],
    cluster: "a b",
    local: "",
  },
  {
    name: "hints do not hide an endpoint here from policy Local",
    endpoints: [at("a", "n1", hints({ zone: "z2" })), at("b", "n2", hints({ zone: "z1" }))],
    zone: "z1",
    cluster: "b",
    local: "a",
  },
];

for (const { name, endpoints, cluster, local, zone } of cases) {
  test(`usableEndpoints: ${name}`, () => {
    const usable = usableEndpoints(endpoints, { nodeName: "n1", zone });
    assert.equal(usable.cluster.map(({ address }) => address).join(" "), cluster);
    assert.equal(usable.local.map(({ address }) => address).join(" "), local);
  });
}

function at(address: string, nodeName: string, more: "ending" | "ended" | { hints: EndpointHints } = { hints: {} }) {
  const isEnding = typeof more === "string";
  const conditions = { ready: !isEnding, serving: more !== "ended", terminating: isEnding };
  const endpoint = { addresses: [address], conditions, nodeName, ...(typeof more === "object" && more) };
  return { address, port: 80, endpoint } satisfies Candidate;
}

function hints({ node, zone }: { node?: string; zone?: string }): { hints: EndpointHints } {
  return {
    hints: {
      ...(node !== undefined && { forNodes: [{ name: node }] }),
      ...(zone !== undefined && { forZones: [{ name: zone }] }),
    },
  };
}
