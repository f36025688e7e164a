/** Which events wake a pod that a filter refused, for each filter. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import fc from "fast-check";
import { nodeEvents, podEvents } from "../queue/cluster-events.ts";
import { filters, schedule } from "../schedule.ts";
import { cluster, node, type PodTraits, pod } from "../state/cluster.testing.ts";
import type { ClusterEvent, HintContext } from "../state/cluster-event.ts";
import { factsOf } from "../state/pod-facts.ts";
import { claimsAreBound } from "./volume-binding.ts";

const ZONE = "topology.kubernetes.io/zone";
const HOST = "kubernetes.io/hostname";
const small = node("n1", { allocatable: { cpu: "1", memory: "1Gi" } });
const context: HintContext = { node: (name) => (name === "n1" ? small : undefined), namespaceLabels: () => ({}) };

const added = (after: Node): ClusterEvent => ({ type: "node", before: undefined, after });
const removed = (before: Node): ClusterEvent => ({ type: "node", before, after: undefined });
const changed = (before: Node, after: Node): ClusterEvent => ({ type: "node", before, after });
const came = (traits: PodTraits): ClusterEvent => ({ type: "pod came", pod: pod(traits) });
const left = (traits: PodTraits, nodeName = "n1"): ClusterEvent => ({ type: "pod left", pod: pod(traits), nodeName });
const altered = (before: PodTraits, after: PodTraits): ClusterEvent => ({
  ...{ type: "pod changed", before: pod(before), after: pod(after) },
});
const claim = (key: string): ClusterEvent => ({ type: "claim", key });
const volume = (labels: object): PersistentVolume =>
  ({ kind: "PersistentVolume", metadata: { name: "v", labels }, spec: {} }) as unknown as PersistentVolume;
const volumeEvent = (before: object | undefined, after: object): ClusterEvent => ({
  ...{ type: "volume", before: before && volume(before), after: volume(after) },
});

const taint = { key: "gpu", effect: "NoSchedule" as const };
const portOf = (hostPort: number) => ({
  containers: [{ name: "c", ports: [{ hostPort, protocol: "TCP" as const, containerPort: 1 }] }],
});
const spread = (more: object = {}): PodTraits => ({
  labels: { app: "web" },
  topologySpreadConstraints: [
    {
      topologyKey: ZONE,
      maxSkew: 1,
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "web" } },
    },
  ],
  ...more,
});
const term = (app: string, topologyKey = HOST) => ({ topologyKey, labelSelector: { matchLabels: { app } } });
const near = (app: string, key = HOST): PodTraits => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(app, key)] } },
});
const away = (...apps: string[]): PodTraits => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: apps.map((app) => term(app)) } },
});
const data: PodTraits = { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] };
const zoned = (name: string, zone: string) => node(name, { labels: { [ZONE]: zone } });

/** The pod that was refused; an event; whether it may help. */
type Row = readonly [what: string, refused: PodTraits, event: ClusterEvent, helps: boolean];

const table: Readonly<Record<string, readonly Row[]>> = {
  NodeUnschedulable: [
    ["a new node", {}, added(node("n2")), true],
    ["a new node that is cordoned", {}, added(node("n2", { unschedulable: true })), false],
    ["a node is uncordoned", {}, changed(node("n1", { unschedulable: true }), node("n1")), true],
    ["a node is cordoned", {}, changed(node("n1"), node("n1", { unschedulable: true })), false],
    ["another label of a node", {}, changed(node("n1"), zoned("n1", "a")), false],
    ["a pod leaves", {}, left({ requests: { cpu: "1" } }), false],
  ],
  NodeName: [
    ["the node comes", { nodeName: "n2" }, added(node("n2")), true],
    ["another node comes", { nodeName: "n2" }, added(node("n3")), false],
    ["a pod leaves", { nodeName: "n2" }, left({}), false],
  ],
  TaintToleration: [
    ["a new node without taints", {}, added(node("n2")), true],
    ["a new node with a taint", {}, added(node("n2", { taints: [taint] })), false],
    [
      "a new node with a taint that the pod tolerates",
      { tolerations: [{ operator: "Exists" }] },
      added(node("n2", { taints: [taint] })),
      true,
    ],
    ["a taint goes", {}, changed(node("n1", { taints: [taint] }), node("n1")), true],
    [
      "one of two taints goes",
      {},
      changed(node("n1", { taints: [taint, { ...taint, key: "b" }] }), node("n1", { taints: [taint] })),
      false,
    ],
    ["a taint comes", {}, changed(node("n1"), node("n1", { taints: [taint] })), false],
    ["a pod leaves", {}, left({}), false],
  ],
  NodeAffinity: [
    ["a new node that matches", { nodeSelector: { [ZONE]: "a" } }, added(zoned("n2", "a")), true],
    ["a new node that does not", { nodeSelector: { [ZONE]: "a" } }, added(zoned("n2", "b")), false],
    ["a node gets the label", { nodeSelector: { [ZONE]: "a" } }, changed(node("n1"), zoned("n1", "a")), true],
    ["a node loses the label", { nodeSelector: { [ZONE]: "a" } }, changed(zoned("n1", "a"), node("n1")), false],
    [
      "a matching node grows",
      { nodeSelector: { [ZONE]: "a" } },
      changed(zoned("n1", "a"), { ...zoned("n1", "a"), status: {} }),
      false,
    ],
    ["a pod leaves", { nodeSelector: { [ZONE]: "a" } }, left({}), false],
    ["a claim is bound", { nodeSelector: { [ZONE]: "a" } }, claim("default/data"), false],
  ],
  NodePorts: [
    ["a new node", portOf(80), added(node("n2")), true],
    ["a pod with the port leaves", portOf(80), left(portOf(80)), true],
    ["a pod with another port leaves", portOf(80), left(portOf(81)), false],
    ["a pod without ports leaves", portOf(80), left({}), false],
    ["a node changes", portOf(80), changed(node("n1"), zoned("n1", "a")), false],
  ],
  NodeResourcesFit: [
    ["a new node that is large enough", { requests: { cpu: "2" } }, added(node("n2")), true],
    ["a new node that is too small", { requests: { cpu: "8" } }, added(node("n2")), false],
    ["a new node without room for pods", {}, added(node("n2", { allocatable: { pods: "0" } })), false],
    ["a node grows", { requests: { cpu: "2" } }, changed(small, node("n1")), true],
    ["a node grows, but not enough", { requests: { cpu: "8" } }, changed(small, node("n1")), false],
    [
      "a node grows in what the pod does not want",
      { requests: { cpu: "1" } },
      changed(node("n1", { allocatable: { memory: "1Gi" } }), node("n1")),
      false,
    ],
    ["a node takes more pods", {}, changed(node("n1", { allocatable: { pods: "1" } }), node("n1")), true],
    ["a node shrinks", { requests: { cpu: "1" } }, changed(node("n1"), small), false],
    ["a label of a node", { requests: { cpu: "1" } }, changed(node("n1"), zoned("n1", "a")), false],
    ["a pod leaves", { requests: { cpu: "1" } }, left({ requests: { cpu: "1" } }), true],
    [
      "a pod leaves a node that is too small even when empty",
      { requests: { cpu: "2" } },
      left({ requests: { cpu: "1" } }),
      false,
    ],
    ["a pod left a node that is gone", { requests: { cpu: "1" } }, left({ requests: { cpu: "1" } }, "n9"), false],
    [
      "a pod shrinks",
      { requests: { cpu: "1" } },
      altered({ requests: { cpu: "2" } }, { requests: { cpu: "1" } }),
      true,
    ],
    [
      "a pod shrinks in what the pod does not want",
      { requests: { cpu: "1" } },
      altered({ requests: { memory: "2" } }, { requests: { memory: "1" } }),
      false,
    ],
    ["a pod comes", { requests: { cpu: "1" } }, came({}), false],
  ],
  VolumeRestrictions: [
    ["a pod with the claim leaves", data, left(data), true],
    ["a pod without it leaves", data, left({}), false],
    ["the claim changes", data, claim("default/data"), true],
    ["another claim changes", data, claim("default/other"), false],
    ["a new node", data, added(node("n2")), false],
    ["a node goes with its pods", data, removed(node("n2")), true],
  ],
  VolumeBinding: [
    ["the claim changes", data, claim("default/data"), true],
    ["another claim changes", data, claim("other/data"), false],
    ["a volume comes", data, volumeEvent(undefined, {}), true],
    ["a new node", data, added(node("n2")), true],
    ["a node gets a label", data, changed(node("n1"), zoned("n1", "a")), true],
    ["a taint of a node goes", data, changed(node("n1", { taints: [taint] }), node("n1")), false],
    ["a pod leaves", data, left(data), false],
  ],
  VolumeZone: [
    ["the claim changes", data, claim("default/data"), true],
    ["another claim changes", data, claim("default/other"), false],
    ["a volume comes", data, volumeEvent(undefined, {}), true],
    ["a volume moves", data, volumeEvent({ [ZONE]: "a" }, { [ZONE]: "b" }), true],
    ["another label of a volume", data, volumeEvent({ [ZONE]: "a" }, { [ZONE]: "a", x: "y" }), false],
    ["a new node", data, added(node("n2")), true],
    ["a node grows", data, changed(small, node("n1")), false],
    ["a pod leaves", data, left(data), false],
  ],
  PodTopologySpread: [
    ["a sibling comes", spread(), came({ labels: { app: "web" } }), true],
    ["a sibling leaves", spread(), left({ labels: { app: "web" } }), true],
    ["another pod comes", spread(), came({ labels: { app: "db" } }), false],
    ["another pod leaves", spread(), left({ labels: { app: "db" } }), false],
    ["a pod becomes a sibling", spread(), altered({}, { labels: { app: "web" } }), true],
    [
      "a sibling is about to end",
      spread(),
      altered({ labels: { app: "web" } }, { labels: { app: "web" }, terminating: true }),
      true,
    ],
    [
      "another label of a sibling",
      spread(),
      altered({ labels: { app: "web" } }, { labels: { app: "web", x: "y" } }),
      false,
    ],
    ["a new node of a zone", spread(), added(zoned("n2", "a")), true],
    ["a new node of no zone", spread(), added(node("n2")), false],
    ["a node of a zone goes", spread(), removed(zoned("n2", "a")), true],
    ["a node moves", spread(), changed(zoned("n1", "a"), zoned("n1", "b")), true],
    ["a node of a zone grows", spread(), changed({ ...zoned("n1", "a"), status: {} }, zoned("n1", "a")), false],
  ],
  InterPodAffinity: [
    ["a wanted pod comes", near("db"), came({ labels: { app: "db" } }), true],
    ["another pod comes", near("db"), came({ labels: { app: "web" } }), false],
    ["a pod becomes a wanted one", near("db"), altered({}, { labels: { app: "db" } }), true],
    ["a node with the key", near("db", ZONE), added(zoned("n2", "a")), true],
    ["a node without the key", near("db", ZONE), added(node("n2")), false],
    ["a node goes with its pods", away("db"), removed(node("n2")), true],
    ["a node without the key goes", near("db", ZONE), removed(node("n2")), false],
    ["a node moves", near("db", ZONE), changed(zoned("n1", "a"), zoned("n1", "b")), true],
    ["a node grows", near("db"), changed(small, node("n1")), false],
    ["an avoided pod leaves", away("db"), left({ labels: { app: "db" } }), true],
    ["one of two avoided pods leaves", away("db", "web"), left({ labels: { app: "db" } }), true],
    ["another pod leaves", away("db"), left({ labels: { app: "web" } }), false],
    ["an avoided pod comes", away("db"), came({ labels: { app: "db" } }), false],
    [
      "a pod that avoids this one leaves",
      { labels: { app: "web" } },
      left({ ...away("web"), labels: { app: "db" } }),
      true,
    ],
    [
      "a pod that avoids others leaves",
      { labels: { app: "web" } },
      left({ ...away("db"), labels: { app: "db" } }),
      false,
    ],
    [
      "a pod that avoids this one is relabelled",
      { labels: { app: "web" } },
      altered(away("web"), { ...away("web"), labels: { x: "y" } }),
      true,
    ],
    [
      "the last pod of its group leaves",
      { ...near("db"), labels: { app: "db" } },
      left({ labels: { app: "db" } }),
      true,
    ],
  ],
};

for (const filter of filters) {
  for (const [what, refused, event, helps] of table[filter.name] ?? []) {
    test(`${filter.name}: ${what}: ${helps ? "the pod is tried again" : "the pod waits on"}`, () => {
      assert.equal(filter.mayHelp(factsOf(pod({ name: "refused", ...refused })), event, context), helps);
    });
  }
}

test("every filter has rows of both kinds", () => {
  for (const { name } of filters) {
    const answers = new Set((table[name] ?? []).map(([, , , helps]) => helps));
    assert.deepEqual([...answers].sort(), [false, true], name);
  }
});

test("a pod with a claim that is not bound is helped by its claims alone", () => {
  const refused = factsOf(pod(data));
  assert.equal(claimsAreBound.mayHelp(refused, claim("default/data"), context), true);
  for (const event of [claim("default/other"), volumeEvent(undefined, {}), added(node("n2")), left({})]) {
    assert.equal(claimsAreBound.mayHelp(refused, event, context), false);
  }
});

const names = ["n1", "n2", "n3"] as const;
const zone = fc.constantFrom(undefined, "a", "b");
const someNode = fc
  .record({
    name: fc.constantFrom(...names),
    zone,
    tainted: fc.boolean(),
    cordoned: fc.boolean(),
    cpu: fc.constantFrom("1", "3"),
  })
  .map(({ name, zone: where, tainted, cordoned, cpu }) =>
    node(name, {
      labels: where === undefined ? {} : { [ZONE]: where },
      allocatable: { cpu },
      ...(tainted && { taints: [taint] }),
      ...(cordoned && { unschedulable: true }),
    }),
  );
const app = fc.constantFrom("web", "db");
const key = fc.constantFrom(ZONE, HOST);
const wish: fc.Arbitrary<PodTraits> = fc.oneof(
  fc.constant({}),
  fc.constant({ nodeSelector: { [ZONE]: "a" } }),
  fc.constant({ tolerations: [{ operator: "Exists" as const }] }),
  fc.constant(portOf(80)),
  fc.constant(spread()),
  fc.tuple(app, key).map(([name, topologyKey]) => near(name, topologyKey)),
  fc.tuple(app).map(([name]) => away(name)),
);
const somePod = (name: string, nodeName: fc.Arbitrary<string>) =>
  fc
    .record({ wish, label: app, cpu: fc.constantFrom("1", "2"), nodeName })
    .map(({ wish: wanted, label, cpu, nodeName: where }) =>
      pod({ requests: { cpu }, ...wanted, name, labels: { app: label }, nodeName: where }),
    );
const placed = fc
  .uniqueArray(fc.nat(3), { maxLength: 4 })
  .chain((ids) => fc.tuple(...ids.map((id) => somePod(`p${id}`, fc.constantFrom(...names)))));
const nodes = fc.uniqueArray(someNode, { maxLength: 3, selector: ({ metadata }) => metadata.name });

/** What the cluster is before and after, in which one node or one pod was added, removed or changed. */
const step = fc
  .record({ nodes, placed, target: somePod("target", fc.constant("")) })
  .chain(({ nodes: all, placed: pods, target }) => {
    const byNode = someNode.map((one) => {
      const before = all.find(({ metadata }) => metadata.name === one.metadata.name);
      const others = all.filter((other) => other !== before);
      return { change: { before, after: one as Node | undefined }, after: { nodes: [...others, one], pods } };
    });
    const goneNode = fc.nat(Math.max(0, all.length - 1)).map((i) => {
      const after = { nodes: all.filter((_, j) => j !== i), pods };
      return { change: { before: all[i], after: undefined as Node | undefined }, after };
    });
    const byPod = fc.tuple(somePod("p0", fc.constantFrom(...names)), fc.boolean()).map(([one, goes]) => {
      const before = pods.find(({ metadata }) => metadata.name === "p0");
      const others = pods.filter((other) => other !== before);
      const changed = before === undefined ? one : changedPod(before, one);
      const podChange = { before, after: goes ? undefined : changed };
      return { podChange, after: { nodes: all, pods: goes ? others : [...others, changed] } };
    });
    return fc
      .oneof<fc.Arbitrary<Step>[]>(byNode, goneNode, byPod)
      .map((one) => ({ before: { nodes: all, pods }, target, ...one }));
  });

/** The pod with the labels and requests of another one: the rest of a pod's spec cannot change. */
function changedPod(before: Pod, { metadata, spec }: Pod): Pod {
  const { resources } = spec.containers[0] ?? {};
  const containers = before.spec.containers.map((container) => ({ ...container, ...(resources && { resources }) }));
  return {
    ...before,
    metadata: { ...before.metadata, labels: metadata.labels },
    spec: { ...before.spec, containers },
  };
}

interface Step {
  readonly change?: { readonly before: Node | undefined; readonly after: Node | undefined };
  readonly podChange?: { readonly before: Pod | undefined; readonly after: Pod | undefined };
  readonly after: { readonly nodes: readonly Node[]; readonly pods: readonly Pod[] };
}

test("whatever happens, a pod that fits then, and did not before, is tried again", () => {
  const options = { startAt: 0, random: () => 0 };
  fc.assert(
    fc.property(step, ({ before, after, target, change, podChange }) => {
      const then = schedule(factsOf(target), cluster(before.nodes, before.pods), options);
      const now = schedule(factsOf(target), cluster(after.nodes, after.pods), options);
      if (!("rejectedBy" in then) || "rejectedBy" in now) return;
      const events = [
        ...(change === undefined ? [] : nodeEvents(change)),
        ...(podChange === undefined ? [] : podEvents(podChange)),
      ];
      const seen: HintContext = {
        node: (name) => after.nodes.find(({ metadata }) => metadata.name === name),
        namespaceLabels: () => ({}),
      };
      const isWoken =
        then.rejectedBy.length === 0 ||
        events.some((event) => then.rejectedBy.some(({ mayHelp }) => mayHelp(factsOf(target), event, seen)));
      assert.ok(
        isWoken,
        `${then.rejectedBy.map(({ name }) => name)} do not wait for ${events.map(({ type }) => type)}`,
      );
    }),
    { numRuns: 2_000 },
  );
});
