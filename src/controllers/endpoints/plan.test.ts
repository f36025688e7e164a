import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoints } from "@fairlead/api/core/v1/endpoints/endpoints";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { pod, service } from "../service-pods/objects.testing.ts";
import { type EndpointsChange, type EndpointsInputs, planEndpoints } from "./plan.ts";
import { addressesOf } from "./service-addresses.testing.ts";

const at = (n: number, traits: Parameters<typeof pod>[0] = {}) =>
  pod({ name: `p${n}`, ips: [`10.244.0.${n}`], ...traits });
const named = (n: number, ports: Readonly<Record<string, number>>) =>
  at(n, {
    containers: [
      {
        name: "c",
        ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort, protocol: "TCP" })),
      },
    ],
  });
const twoPorts = service({
  ports: [
    { name: "http", protocol: "TCP", port: 80, targetPort: "web" },
    { name: "metrics", protocol: "TCP", port: 9090, targetPort: "metrics" },
  ],
});

const cases: { name: string; service?: Service; pods?: Pod[]; before?: Pod[]; want: string | undefined }[] = [
  { name: "no pods: Endpoints without subsets", want: "create" },
  {
    name: "ready and not ready, in order of their addresses",
    pods: [at(2), at(3, { ready: false }), at(1)],
    want: "create http:8080 [1 2 | 3]",
  },
  { name: "already right, in whatever order", before: [at(1), at(2)], pods: [at(2), at(1)], want: undefined },
  {
    name: "a pod that is being deleted is gone at once",
    before: [at(1), at(2)],
    pods: [at(1), at(2, { terminating: true })],
    want: "update http:8080 [1]",
  },
  {
    name: "publishNotReadyAddresses lists it as ready",
    service: service({ publishNotReadyAddresses: true }),
    pods: [at(1, { terminating: true, ready: false })],
    want: "create http:8080 [1]",
  },
  {
    name: "ports with the same addresses share a subset",
    service: twoPorts,
    pods: [named(1, { web: 80, metrics: 90 })],
    want: "create http:80,metrics:90 [1]",
  },
  {
    name: "a port that one pod lacks has a subset of its own",
    service: twoPorts,
    pods: [named(1, { web: 80, metrics: 90 }), named(2, { web: 80 })],
    want: "create http:80 [1 2]; metrics:90 [1]",
  },
  {
    name: "ports of the same pods share a subset, also where other ports of these pods differ",
    service: twoPorts,
    pods: [named(1, { web: 80, metrics: 90 }), named(2, { web: 80, metrics: 91 }), named(3, { web: 80 })],
    want: "create http:80 [1 2 3]; metrics:90 [1]; metrics:91 [2]",
  },
  {
    name: "a pod without any of the ports is not listed",
    service: twoPorts,
    pods: [named(1, {})],
    want: "create",
  },
  {
    name: "headless without ports",
    service: service({ clusterIP: "None", ports: [] }),
    pods: [at(1)],
    want: "create - [1]",
  },
];

for (const { name, service: of = service(), before, pods = [], want } of cases) {
  test(`planEndpoints: ${name}`, () => {
    const current = before && after(plan(of, before, { current: undefined, triggerTime: undefined }));
    const change = plan(of, pods, { current, triggerTime: undefined });
    assert.equal(change && format(change), want);
    const again = plan(of, pods, { current: after(change) ?? current, triggerTime: undefined });
    assert.equal(again, undefined, "once applied, there is nothing left to do");
  });
}

test("planEndpoints: more than 1,000 addresses are cut, ready ones first, and it says so", () => {
  const pods = Array.from({ length: 1200 }, (_, i) =>
    at(i, { ips: [`10.244.${Math.floor(i / 200)}.${i % 200}`], ready: i < 900 }),
  );
  const endpoints = after(plan(service(), pods, { current: undefined, triggerTime: "2026-01-01T00:00:00Z" }));
  assert.equal(endpoints?.subsets?.[0]?.addresses?.length, 900);
  assert.equal(endpoints?.subsets?.[0]?.notReadyAddresses?.length, 100);
  assert.deepEqual(endpoints?.metadata.annotations, {
    "endpoints.kubernetes.io/last-change-trigger-time": "2026-01-01T00:00:00Z",
    "endpoints.kubernetes.io/over-capacity": "truncated",
  });
  assert.equal(plan(service(), pods, { current: endpoints, triggerTime: undefined }), undefined);
});

test("planEndpoints: the labels are the Service's, and say who writes and that it is headless", () => {
  const of = service({ clusterIP: "None" }, { labels: { a: "b" } });
  const endpoints = after(plan(of, [], { current: undefined, triggerTime: undefined }));
  assert.deepEqual(endpoints?.metadata.labels, {
    a: "b",
    "service.kubernetes.io/headless": "",
    "endpoints.kubernetes.io/managed-by": "endpoint-controller",
  });
});

function plan(of: Service, pods: readonly Pod[], inputs: EndpointsInputs): EndpointsChange | undefined {
  return planEndpoints(addressesOf(of, pods), inputs);
}

function after(change: EndpointsChange | undefined): Endpoints | undefined {
  return change?.endpoints as Endpoints | undefined;
}

function format({ verb, endpoints }: EndpointsChange): string {
  const subsets = (endpoints as Endpoints).subsets ?? [];
  const last = (a: { readonly ip: string }) => a.ip.replace("10.244.0.", "");
  const shown = subsets.map(({ addresses = [], notReadyAddresses = [], ports = [] }) => {
    const sides = [
      addresses.map(last).join(" "),
      ...(notReadyAddresses.length > 0 ? [notReadyAddresses.map(last).join(" ")] : []),
    ];
    return `${ports.map((p) => `${p.name}:${p.port}`).join() || "-"} [${sides.join(" | ")}]`;
  });
  return [verb, shown.join("; ")].filter((part) => part !== "").join(" ");
}
