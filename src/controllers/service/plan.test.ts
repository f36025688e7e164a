import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { service } from "../service-pods/objects.testing.ts";
import { planLoadBalancer } from "./plan.ts";

const port = { name: "http", protocol: "TCP", port: 80, targetPort: 8080 } as const;
const withPorts = { ports: [{ ...port, nodePort: 30080 }] };

const rows: { name: string; spec: Parameters<typeof service>[0]; more?: Partial<Service>; want: RegExp | undefined }[] =
  [
    {
      name: "one without an address gets the reason, and what works",
      spec: { type: "LoadBalancer", ...withPorts },
      want: /^Failed to allocate IP for "default\/web": .*no address pool.* cluster IP 10\.96\.0\.20 and at port 30080 of/,
    },
    {
      name: "all node ports are named",
      spec: {
        type: "LoadBalancer",
        ports: [
          { ...port, nodePort: 30080 },
          { ...port, port: 81, nodePort: 30081 },
        ],
      },
      want: /at port 30080, 30081 of every node/,
    },
    {
      name: "without node ports the event says how to get them",
      spec: { type: "LoadBalancer", ports: [port] },
      want: /cluster IP 10\.96\.0\.20; set spec\.allocateLoadBalancerNodePorts to true/,
    },
    { name: "other types get no event", spec: { type: "NodePort", ...withPorts }, want: undefined },
    {
      name: "one of another load balancer gets no event",
      spec: { type: "LoadBalancer", loadBalancerClass: "example.com/lb", ...withPorts },
      want: undefined,
    },
    {
      name: "one with an address gets no event",
      spec: { type: "LoadBalancer", ...withPorts },
      more: { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } as Service["status"] },
      want: undefined,
    },
  ];

for (const { name, spec, more, want } of rows) {
  test(`planLoadBalancer: ${name}`, () => {
    const event = planLoadBalancer({ ...service(spec), ...more });
    assert.equal(event?.reason, want === undefined ? undefined : "AllocationFailed");
    if (want !== undefined) assert.match(event?.message ?? "", want);
  });
}

test("planLoadBalancer: one that is deleted gets no event", () => {
  const deleted = service({ type: "LoadBalancer", ...withPorts }, { deletionTimestamp: "2026-01-01T00:00:00Z" });
  assert.equal(planLoadBalancer(deleted), undefined);
});
