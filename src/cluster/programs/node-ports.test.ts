import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "@fairlead/api/complete.testing";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { reservations } from "@fairlead/proxy/services/reservations";
import { NODE_PORTS } from "./node-ports.ts";

const address = "172.30.0.11";
const node = complete(nodeKind, { metadata: { name: "n1" }, status: { addresses: [{ type: "InternalIP", address }] } });
const reserved = reservations({
  serviceCIDRs: ["10.96.0.0/12"],
  nodes: () => [node],
  apiServers: [],
  nodePrograms: NODE_PORTS,
  nodePortOwners: () => [],
});

const DNS = 'the DNS server of node "n1" listens there';
const cases = [
  { name: "questions over UDP", protocol: "udp", port: 53, want: DNS },
  { name: "questions over TCP", protocol: "tcp", port: 53, want: DNS },
  { name: "the metrics of the DNS server", protocol: "tcp", port: 9153, want: DNS },
  { name: "the same number of the other protocol", protocol: "udp", port: 9153, want: undefined },
  { name: "another port", protocol: "tcp", port: 9154, want: undefined },
] as const;

for (const { name, protocol, port, want } of cases) {
  test(`a Service with a node's address at the port of ${name}`, () => {
    assert.equal(reserved({ address, protocol, port, service: "evil/grab" }), want);
  });
}
