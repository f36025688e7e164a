import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "@fairlead/api/core/v1/node/node";
import { clusterView } from "./cluster-view.ts";
import type { Route } from "./routes.ts";
import { parseRoutes, routeCommands, wantedRoutes } from "./routes.ts";

const own = node("n1", { podCIDR: "10.244.1.0/24", address: "172.30.0.1" });

const cases: { name: string; nodes: Node[]; current: string; want: string[] }[] = [
  {
    name: "a node without a range has no routes of its own, but reaches the others",
    nodes: [node("n1", { address: "172.30.0.1" }), node("n2", { podCIDR: "10.244.2.0/24", address: "172.30.0.2" })],
    current: "",
    want: ["route replace 10.244.2.0/24 via 172.30.0.2 proto 174"],
  },
  {
    name: "what is left of the node's own range is unreachable",
    nodes: [own],
    current: "",
    want: ["route replace unreachable 10.244.1.0/24 proto 174"],
  },
  {
    name: "a node that has no address yet is passed over",
    nodes: [own, node("n2", { podCIDR: "10.244.2.0/24" })],
    current: "unreachable 10.244.1.0/24",
    want: [],
  },
  {
    name: "a node that moved is replaced in one step",
    nodes: [own, node("n2", { podCIDR: "10.244.2.0/24", address: "172.30.0.9" })],
    current: "unreachable 10.244.1.0/24, 10.244.2.0/24 via 172.30.0.2",
    want: ["route replace 10.244.2.0/24 via 172.30.0.9 proto 174", "neigh flush to 172.30.0.2"],
  },
  {
    name: "a node that is gone loses its route",
    nodes: [own],
    current: "unreachable 10.244.1.0/24, 10.244.2.0/24 via 172.30.0.2",
    want: ["route del 10.244.2.0/24 via 172.30.0.2 proto 174", "neigh flush to 172.30.0.2"],
  },
  {
    name: "a node that came back with another range gives the old one back",
    nodes: [node("n1", { podCIDR: "10.244.7.0/24", address: "172.30.0.1" })],
    current: "unreachable 10.244.1.0/24",
    want: ["route replace unreachable 10.244.7.0/24 proto 174", "route del unreachable 10.244.1.0/24 proto 174"],
  },
];

for (const { name, nodes, current, want } of cases) {
  test(`routes: ${name}`, () => {
    const wanted = wantedRoutes(clusterView(nodes, "n1", "ip"));
    assert.deepEqual(routeCommands(routes(current), wanted), want);
    assert.deepEqual(routeCommands(wanted, wanted), [], "once applied, there is nothing left to do");
  });
}

test("parseRoutes reads what ip prints, and nothing where it prints nothing", () => {
  const printed =
    '[{"type":"unreachable","dst":"10.244.1.0/24","flags":[]},' +
    '{"dst":"10.244.2.0/24","gateway":"172.30.0.2","dev":"up0","flags":[]}]';
  assert.deepEqual(parseRoutes(printed), routes("unreachable 10.244.1.0/24, 10.244.2.0/24 via 172.30.0.2"));
  assert.deepEqual(parseRoutes(""), []);
});

function node(name: string, { podCIDR, address }: { podCIDR?: string; address?: string }): Node {
  const whole = {
    metadata: { name },
    spec: podCIDR === undefined ? {} : { podCIDR, podCIDRs: [podCIDR] },
    status: { addresses: address === undefined ? [] : [{ type: "InternalIP", address }] },
  };
  // The rest of a Node is of no interest here.
  return whole as unknown as Node;
}

function routes(text: string): Route[] {
  return text
    .split(", ")
    .filter((each) => each !== "")
    .map((each) => {
      const [destination = "", via] = each.replace("unreachable ", "").split(" via ");
      return via === undefined ? { destination } : { destination, via };
    });
}
