import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { fitMessage } from "./fit-message.ts";
import { schedule } from "./schedule.ts";
import { cluster, node, pod } from "./state/cluster.testing.ts";
import { factsOf } from "./state/pod-facts.ts";
import { trackedCluster } from "./state/tracked-cluster.ts";

const three = [node("n1"), node("n2"), node("n3")];
const zones = [
  node("a1", { labels: { "topology.kubernetes.io/zone": "a" } }),
  node("a2", { labels: { "topology.kubernetes.io/zone": "a" } }),
  node("b1", { labels: { "topology.kubernetes.io/zone": "b" } }),
];
const web = { app: "web" };
const near = (topologyKey: string) => [{ topologyKey, labelSelector: { matchLabels: web } }];
const on = (nodeName: string, traits: Parameters<typeof pod>[0] = {}) =>
  pod({ name: `on-${nodeName}`, nodeName, ...traits });

interface Case {
  readonly name: string;
  readonly nodes?: readonly Node[];
  readonly pods?: readonly Pod[];
  readonly services?: Readonly<Record<string, Record<string, string>>>;
  readonly replicaSets?: Readonly<Record<string, Record<string, string>>>;
  readonly pod: Pod;
  /** The node's name, or upstream's sentence on why there is none. */
  readonly want: string;
}

const cases: readonly Case[] = [
  {
    name: "the emptiest node",
    pods: [on("n1", { requests: { cpu: "1" } }), on("n3", { requests: { cpu: "1" } })],
    pod: pod({ requests: { cpu: "1" } }),
    want: "n2",
  },
  { name: "no nodes", nodes: [], pod: pod(), want: "no nodes available to schedule pods" },
  {
    name: "too much CPU everywhere",
    pod: pod({ requests: { cpu: "5" } }),
    want: "0/3 nodes are available: 3 Insufficient cpu.",
  },
  {
    name: "every reason is in the message, counted and sorted",
    nodes: [
      node("n1", { taints: [{ key: "gpu", effect: "NoSchedule" }] }),
      node("n2"),
      node("n3", { unschedulable: true }),
    ],
    pod: pod({ requests: { cpu: "5", memory: "9Gi" } }),
    want: "0/3 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable.",
  },
  {
    name: "the node is full of pods",
    nodes: [node("n1", { allocatable: { pods: "1" } })],
    pods: [on("n1")],
    pod: pod(),
    want: "0/1 nodes are available: 1 Too many pods.",
  },
  {
    name: "a pod that has ended takes no room",
    nodes: [node("n1", { allocatable: { pods: "1" } })],
    pods: [{ ...on("n1"), status: { phase: "Succeeded" } }],
    pod: pod(),
    want: "n1",
  },
  {
    name: "an init container needs its room only while it runs",
    pod: pod({ requests: { cpu: "3" }, initContainers: [{ name: "i", resources: { requests: { cpu: "5" } } }] }),
    want: "0/3 nodes are available: 3 Insufficient cpu.",
  },
  {
    name: "a sidecar needs its room as long as the pod runs",
    pod: pod({
      requests: { cpu: "3" },
      initContainers: [{ name: "s", restartPolicy: "Always", resources: { requests: { cpu: "1100m" } } }],
    }),
    want: "0/3 nodes are available: 3 Insufficient cpu.",
  },
  {
    name: "ephemeral storage counts",
    pod: pod({ requests: { "ephemeral-storage": "30Gi" } }),
    want: "0/3 nodes are available: 3 Insufficient ephemeral-storage.",
  },
  {
    name: "extended resources count",
    nodes: [node("n1"), node("n2", { allocatable: { "example.com/gpu": "1" } })],
    pod: pod({ requests: { "example.com/gpu": "1" } }),
    want: "n2",
  },
  {
    name: "nodeSelector",
    nodes: [node("n1"), node("n2", { labels: { disk: "ssd" } })],
    pod: pod({ nodeSelector: { disk: "ssd" } }),
    want: "n2",
  },
  {
    name: "nodeSelector that no node meets",
    pod: pod({ nodeSelector: { disk: "ssd" } }),
    want: "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
  },
  {
    name: "required node affinity by name",
    pod: pod({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["n3"] }] }],
          },
        },
      },
    }),
    want: "n3",
  },
  {
    name: "preferred node affinity beats an emptier node",
    nodes: [node("n1"), node("n2", { labels: { disk: "ssd" } })],
    pods: [on("n2", { requests: { cpu: "1" } })],
    pod: pod({
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 1, preference: { matchExpressions: [{ key: "disk", operator: "Exists" }] } },
          ],
        },
      },
    }),
    want: "n2",
  },
  {
    name: "a tolerated taint does not matter",
    nodes: [node("n1", { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] })],
    pod: pod({ tolerations: [{ key: "gpu", operator: "Equal", value: "yes", effect: "NoSchedule" }] }),
    want: "n1",
  },
  {
    name: "PreferNoSchedule is avoided",
    nodes: [node("n1", { taints: [{ key: "x", effect: "PreferNoSchedule" }] }), node("n2")],
    pods: [on("n2", { requests: { cpu: "1" } })],
    pod: pod(),
    want: "n2",
  },
  {
    name: "a host port is taken once per node",
    nodes: [node("n1")],
    pods: [on("n1", { containers: [{ name: "c", ports: [{ containerPort: 80, hostPort: 80, protocol: "TCP" }] }] })],
    pod: pod({
      containers: [{ name: "c", ports: [{ containerPort: 8080, hostPort: 80, hostIP: "127.0.0.1", protocol: "TCP" }] }],
    }),
    want: "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
  },
  {
    name: "pods of one Service go to different nodes",
    pods: [on("n1", { labels: web }), on("n3", { labels: web })],
    services: { web },
    pod: pod({ labels: web }),
    want: "n2",
  },
  {
    name: "pods of one ReplicaSet go to different nodes",
    pods: [on("n1", { owner: "rs", labels: web }), on("n2", { owner: "rs", labels: web })],
    replicaSets: { rs: web },
    pod: pod({ owner: "rs", labels: web }),
    want: "n3",
  },
  {
    name: "pods that the ReplicaSet selects count, regardless of their controller",
    pods: [on("n1", { labels: web }), on("n2", { labels: web })],
    replicaSets: { rs: web },
    pod: pod({ owner: "rs", labels: web }),
    want: "n3",
  },
  {
    name: "what the Service selects and the ReplicaSet does not is another version of the workload",
    nodes: [node("n1"), node("n2")],
    pods: [
      on("n1", { name: "old-1", labels: { ...web, version: "1" } }),
      on("n1", { name: "old-2", labels: { ...web, version: "1" } }),
      on("n2", { labels: { ...web, version: "2" } }),
    ],
    services: { web },
    replicaSets: { rs: { ...web, version: "2" } },
    pod: pod({ owner: "rs", labels: { ...web, version: "2" } }),
    want: "n1",
  },
  {
    name: "pods of one Service go to different zones",
    nodes: zones,
    pods: [on("a1", { labels: web })],
    services: { web },
    pod: pod({ labels: web }),
    want: "b1",
  },
  {
    name: "anti-affinity by node",
    pods: [on("n1", { labels: web }), on("n2", { labels: web })],
    pod: pod({
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: near("kubernetes.io/hostname") } },
    }),
    want: "n3",
  },
  {
    name: "anti-affinity of those that are there",
    nodes: [node("n1")],
    pods: [
      on("n1", {
        affinity: {
          podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: near("kubernetes.io/hostname") },
        },
      }),
    ],
    pod: pod({ labels: web }),
    want: "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.",
  },
  {
    name: "affinity by zone",
    nodes: zones,
    pods: [on("b1", { labels: web, requests: { cpu: "1" } })],
    pod: pod({
      affinity: {
        podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: near("topology.kubernetes.io/zone") },
      },
    }),
    want: "b1",
  },
  {
    name: "the first of a group that wants to be together goes anywhere",
    nodes: [node("n1")],
    pod: pod({
      labels: web,
      affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: near("kubernetes.io/hostname") } },
    }),
    want: "n1",
  },
  {
    name: "affinity to pods that are not there",
    pod: pod({
      affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: near("kubernetes.io/hostname") } },
    }),
    want: "0/3 nodes are available: 3 node(s) didn't match pod affinity rules.",
  },
  {
    name: "preferred anti-affinity",
    nodes: [node("n1"), node("n2")],
    pods: [on("n1", { labels: web }), on("n2", { requests: { cpu: "1" } })],
    pod: pod({
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 100,
              podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: web } },
            },
          ],
        },
      },
    }),
    want: "n2",
  },
  {
    name: "topology spread: the domain behind",
    nodes: zones,
    pods: [on("a1", { labels: web })],
    pod: pod({
      labels: web,
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "DoNotSchedule",
          labelSelector: { matchLabels: web },
        },
      ],
    }),
    want: "b1",
  },
  {
    name: "topology spread: only the crowded domain has room, and nodes without the key do not count",
    nodes: [
      ...zones.slice(0, 1),
      node("b1", { labels: { "topology.kubernetes.io/zone": "b" }, allocatable: { pods: "0" } }),
      node("x"),
    ],
    pods: [on("a1", { labels: web })],
    pod: pod({
      labels: web,
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "DoNotSchedule",
          labelSelector: { matchLabels: web },
        },
      ],
    }),
    want: "0/3 nodes are available: 1 Too many pods, 1 node(s) didn't match pod topology spread constraints, 1 node(s) didn't match pod topology spread constraints (missing required label).",
  },
  {
    name: "a topology label with the name of a built-in property, which no node has",
    pod: pod({
      labels: web,
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "constructor",
          whenUnsatisfiable: "DoNotSchedule",
          labelSelector: { matchLabels: web },
        },
      ],
    }),
    want: "0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints (missing required label).",
  },
  {
    name: "a node that has the image",
    nodes: [
      node("n1"),
      node("n2", {}, { images: [{ names: ["docker.io/library/app:1", "app:1"], sizeBytes: 800_000_000 }] }),
    ],
    pod: pod({ containers: [{ name: "c", image: "app:1" }] }),
    want: "n2",
  },
];

for (const { name, nodes = three, pods = [], services = {}, replicaSets = {}, pod: given, want } of cases) {
  test(`schedule: ${name}`, () => {
    const state = cluster(nodes, pods, services, { replicaSets });
    const result = schedule(factsOf(given), state, { startAt: 0, random: () => 0 });
    const got =
      result.node?.node.metadata.name ??
      fitMessage("refusals" in result ? [...result.refusals.values()] : [], nodes.length);
    assert.equal(got, want);
  });
}

test("schedule: 100 pods of one Service on 3 nodes, each assumed before the next, are spread evenly", () => {
  const tracked = trackedCluster();
  for (const n of three) tracked.setNode(n);
  const service = cluster([], [], { web }).servicesOf(pod({ labels: web }));
  const placed = new Map<string, number>();
  for (let i = 0; i < 100; i++) {
    const one = pod({ name: `p${i}`, labels: web, requests: { cpu: "10m" } });
    const no = () => undefined;
    const nothing = { ownerSelectorOf: no, namespaceLabels: () => ({}), claim: no, volume: no };
    const state = tracked.state({ servicesOf: () => service, ...nothing }, one);
    const { node: chosen } = schedule(factsOf(one), state, { startAt: 0, random: () => 0 });
    assert.ok(chosen);
    tracked.assume(one, chosen.node.metadata.name);
    placed.set(chosen.node.metadata.name, (placed.get(chosen.node.metadata.name) ?? 0) + 1);
  }
  assert.deepEqual([...placed.values()].sort(), [33, 33, 34]);
});
