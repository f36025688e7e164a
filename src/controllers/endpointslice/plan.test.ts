import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Endpoint, EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { node, pod, service } from "../service-pods/objects.testing.ts";
import type { SliceChange } from "./pack.ts";
import { planEndpointSlices } from "./plan.ts";
import { applied, endpointsOf } from "./service-endpoints.testing.ts";

const nodes = new Map([
  ["n1", node("n1", { "topology.kubernetes.io/zone": "a" })],
  ["n2", node("n2")],
]);

interface Case {
  readonly name: string;
  readonly service?: Service;
  readonly pods?: readonly Pod[];
  /** Pods whose slices are there already, as the plan itself wrote them. */
  readonly before?: readonly Pod[];
  readonly slices?: readonly EndpointSlice[];
  readonly want: readonly string[];
  readonly missing?: readonly string[];
}

const at = (n: number, traits: Parameters<typeof pod>[0] = {}) =>
  pod({ name: `p${n}`, ips: [`10.244.0.${n}`], ...traits });
const foreign: EndpointSlice = {
  ...slicesFor([at(1)])[0],
  metadata: { ...slicesFor([at(1)])[0]?.metadata, name: "old", ownerReferences: [] },
} as unknown as EndpointSlice;

const cases: readonly Case[] = [
  { name: "no pods: an empty slice", want: ["create - []"] },
  { name: "the empty slice is left alone", before: [], want: [] },
  { name: "the first pod takes the empty slice over", before: [], pods: [at(1)], want: ["update s0 http:8080 [1]"] },
  {
    name: "three pods make one and a half slices of two",
    pods: [at(1), at(2), at(3)],
    want: ["create http:8080 [1 2]", "create http:8080 [3]"],
  },
  { name: "slices already right", before: [at(1), at(2), at(3)], pods: [at(3), at(2), at(1)], want: [] },
  {
    name: "not ready is an update, not a removal",
    before: [at(1)],
    pods: [at(1, { ready: false })],
    want: ["update s0 http:8080 [1!]"],
  },
  {
    name: "terminating but still serving",
    before: [at(1)],
    pods: [at(1, { terminating: true })],
    want: ["update s0 http:8080 [1!~]"],
  },
  { name: "a pod without an address is left out", pods: [at(1), at(2, { ips: [] })], want: ["create http:8080 [1]"] },
  {
    name: "a pod that has ended is left out",
    pods: [at(1), at(2, { phase: "Succeeded" })],
    want: ["create http:8080 [1]"],
  },
  { name: "the last pod gone empties the slice", before: [at(1)], pods: [], want: ["update s0 - []"] },
  {
    name: "one of two slices emptied is deleted",
    before: [at(1), at(2), at(3)],
    pods: [at(1), at(2)],
    want: ["delete s1"],
  },
  {
    name: "a new pod takes the room that a leaving pod made",
    before: [at(1), at(2)],
    pods: [at(2), at(3)],
    want: ["update s0 http:8080 [2 3]"],
  },
  {
    name: "a full slice is not rewritten for a newcomer",
    before: [at(1), at(2)],
    pods: [at(1), at(2), at(3)],
    want: ["create http:8080 [3]"],
  },
  {
    name: "a slice with room takes the newcomer",
    before: [at(1)],
    pods: [at(1), at(2)],
    want: ["update s0 http:8080 [1 2]"],
  },
  {
    name: "a named port is looked up in each pod, and pods with other numbers are in other slices",
    service: service({ ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: "web" }] }),
    pods: [
      at(1, { containers: [{ name: "c", ports: [{ name: "web", containerPort: 8080, protocol: "TCP" }] }] }),
      at(2, { containers: [{ name: "c", ports: [{ name: "web", containerPort: 9090, protocol: "TCP" }] }] }),
      at(3),
    ],
    want: ["create - [3]", "create http:8080 [1]", "create http:9090 [2]"],
  },
  {
    name: "publishNotReadyAddresses makes every endpoint ready",
    service: service({ publishNotReadyAddresses: true }),
    pods: [at(1, { ready: false })],
    want: ["create http:8080 [1?]"],
  },
  {
    name: "a pod on an unknown node is left out for now",
    pods: [at(1), at(2, { node: "gone" })],
    want: ["create http:8080 [1]"],
    missing: ["gone"],
  },
  {
    name: "publishNotReadyAddresses lists pods on unknown nodes, too",
    service: service({ publishNotReadyAddresses: true }),
    pods: [at(2, { node: "gone" })],
    want: ["create http:8080 [2]"],
  },
  {
    name: "dual stack: one slice per address family",
    service: service({ ipFamilies: ["IPv4", "IPv6"] }),
    pods: [pod({ name: "p1", ips: ["10.244.0.1", "fd00::1"] })],
    want: ["create http:8080 [1]", "create IPv6 http:8080 [fd00::1]"],
  },
  {
    name: "slices of a family that the Service gave up are deleted",
    service: service({ ipFamilies: ["IPv6"] }),
    slices: slicesFor([at(1)]),
    want: ["create IPv6 - []", "delete s0"],
  },
  {
    name: "a slice of an earlier Service of the same name is replaced",
    slices: [foreign],
    pods: [at(1)],
    want: ["create http:8080 [1]", "delete old"],
  },
  {
    name: "a Service on its way out gets no new slices",
    service: service({}, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    pods: [at(1)],
    want: [],
  },
];

for (const { name, service: of = service(), before, pods = before ?? [], slices, want, missing = [] } of cases) {
  test(`planEndpointSlices: ${name}`, () => {
    const existing = slices ?? (before === undefined ? [] : slicesFor(before, of));
    const plan = planFor(of, pods, existing);
    assert.deepEqual(plan.changes.map(format), want);
    assert.deepEqual(plan.missingNodes, missing);

    const again = planFor(of, pods, applied(existing, plan.changes));
    const left = of.metadata.deletionTimestamp === undefined ? again.changes : [];
    assert.deepEqual(left.map(format), [], "once applied, there is nothing left to do");
  });
}

test("planEndpointSlices: a slice carries what readers of it need", () => {
  const of = service(
    { trafficDistribution: "PreferSameNode" },
    { labels: { team: "x", "service.kubernetes.io/headless": "no" } },
  );
  const state = endpointsOf(of, [at(1, { hostname: "web-0", subdomain: "web" })], (name) => nodes.get(name));
  const inputs = { slices: [], endpointsMax: 100, triggerTime: "2026-01-01T00:00:10Z" };
  const { changes } = planEndpointSlices(state, inputs);
  assert.deepEqual(changes, [
    {
      verb: "create",
      slice: {
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        metadata: {
          generateName: "web-",
          namespace: "default",
          labels: {
            team: "x",
            "kubernetes.io/service-name": "web",
            "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
          },
          ownerReferences: [
            {
              apiVersion: "v1",
              kind: "Service",
              name: "web",
              uid: "uid-web",
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
          annotations: { "endpoints.kubernetes.io/last-change-trigger-time": "2026-01-01T00:00:10Z" },
        },
        addressType: "IPv4",
        ports: [{ name: "http", protocol: "TCP", port: 8080 }],
        endpoints: [
          {
            addresses: ["10.244.0.1"],
            conditions: { ready: true, serving: true, terminating: false },
            hostname: "web-0",
            targetRef: { kind: "Pod", namespace: "default", name: "p1", uid: "uid-p1" },
            nodeName: "n1",
            zone: "a",
            hints: { forZones: [{ name: "a" }], forNodes: [{ name: "n1" }] },
          },
        ],
      },
    },
  ]);
});

test("planEndpointSlices: hints come and go with trafficDistribution", () => {
  const plain = slicesFor([at(1)]);
  const near = service({ trafficDistribution: "PreferSameZone" });
  const added = planFor(near, [at(1)], plain).changes;
  assert.deepEqual(
    added.map((c) => (c.verb === "update" ? c.slice.endpoints[0]?.hints : c)),
    [{ forZones: [{ name: "a" }] }],
  );
  const removed = planFor(service(), [at(1)], applied(plain, added)).changes;
  assert.deepEqual(
    removed.map((c) => (c.verb === "update" ? c.slice.endpoints[0]?.hints : c)),
    [undefined],
  );
});

test("planEndpointSlices: a headless Service's slices say so, and follow its labels", () => {
  const slices = slicesFor([at(1)]);
  const { changes } = planFor(service({ clusterIP: "None" }, { labels: { a: "b" } }), [at(1)], slices);
  assert.deepEqual(
    changes.map((c) => c.slice.metadata?.labels),
    [
      {
        a: "b",
        "service.kubernetes.io/headless": "",
        "kubernetes.io/service-name": "web",
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      },
    ],
  );
});

function planFor(of: Service, pods: readonly Pod[], slices: readonly EndpointSlice[]) {
  const state = endpointsOf(of, pods, (name) => nodes.get(name));
  return planEndpointSlices(state, { slices, endpointsMax: 2, triggerTime: undefined });
}

function slicesFor(pods: readonly Pod[], of = service()): readonly EndpointSlice[] {
  return applied([], planFor(of, pods, []).changes);
}

/** `!` is not ready, `?` ready but not serving, `~` serving nevertheless; addresses by their last number. */
function format({ verb, slice }: SliceChange): string {
  if (verb === "delete") return `delete ${slice.metadata.name}`;
  const { addressType, ports = [], endpoints = [] } = slice as EndpointSlice;
  const head = [
    verb,
    ...(verb === "update" ? [slice.metadata?.name] : []),
    ...(addressType === "IPv6" ? [addressType] : []),
  ];
  const shownPorts = ports.map((p) => `${p.name}:${p.port}`).join() || "-";
  return `${head.join(" ")} ${shownPorts} [${endpoints.map(mark).join(" ")}]`;
}

function mark({ addresses, conditions: { ready, serving, terminating } }: Endpoint): string {
  const address = (addresses[0] ?? "").replace("10.244.0.", "");
  const state = ready ? (serving ? "" : "?") : "!";
  return `${address}${state}${terminating && serving ? "~" : ""}`;
}
