import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "@fairlead/api/complete.testing";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { fitMessage } from "../fit-message.ts";
import { planPreemption } from "../preemption/preempt.ts";
import { schedule } from "../schedule.ts";
import { cluster, node, pod } from "../state/cluster.testing.ts";
import { factsOf } from "../state/pod-facts.ts";

const three = [node("n1"), node("n2"), node("n3")];
const onN2 = {
  required: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["n2"] }] }],
  },
} as const;

interface ClaimTraits {
  readonly volumeName?: string;
  readonly bound?: boolean;
  readonly phase?: string;
  readonly terminating?: boolean;
  readonly accessModes?: readonly string[];
}

function claim({ volumeName, bound = true, phase = "Bound", terminating, accessModes }: ClaimTraits) {
  return complete(persistentVolumeClaimKind, {
    metadata: {
      name: "data",
      namespace: "default",
      ...(bound && { annotations: { "pv.kubernetes.io/bind-completed": "yes" } }),
      ...(terminating && { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    },
    spec: { volumeName, accessModes: accessModes ?? ["ReadWriteOnce"] },
    status: { phase },
  });
}

function volume(nodeAffinity?: typeof onN2): PersistentVolume {
  return complete(persistentVolumeKind, { metadata: { name: "disk" }, spec: { nodeAffinity } });
}

function user(name: string, spec: Partial<Pod["spec"]> = {}): Pod {
  const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "data", readOnly: false } }];
  return pod({ name, volumes, ...spec } as Parameters<typeof pod>[0]);
}

const cases: {
  name: string;
  claims: readonly PersistentVolumeClaim[];
  volumes?: readonly PersistentVolume[];
  pods?: readonly Pod[];
  pod?: Pod;
  want: string;
}[] = [
  { name: "a bound claim", claims: [claim({ volumeName: "disk" })], volumes: [volume()], want: "n1" },
  {
    name: "a claim that is not there",
    claims: [],
    want: '0/3 nodes are available: persistentvolumeclaim "data" not found.',
  },
  {
    name: "a claim that is to be made for the pod",
    claims: [],
    pod: pod({ name: "p", volumes: [{ name: "data", ephemeral: {} }] }),
    want: '0/3 nodes are available: waiting for ephemeral volume controller to create the persistentvolumeclaim "p-data".',
  },
  {
    name: "a claim that has the name of one that is made for the pod",
    claims: [{ ...claim({ volumeName: "disk" }), metadata: { ...claim({}).metadata, name: "p-data" } }],
    pod: pod({ name: "p", volumes: [{ name: "data", ephemeral: {} }] }),
    want: "0/3 nodes are available: PVC default/p-data was not created for pod default/p (pod is not owner).",
  },
  {
    name: "a claim without a volume",
    claims: [claim({ bound: false, phase: "Pending" })],
    want: "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
  },
  {
    name: "a claim that only asks for its volume",
    claims: [claim({ volumeName: "disk", bound: false, phase: "Pending" })],
    volumes: [volume()],
    want: "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
  },
  {
    name: "a claim on its way out",
    claims: [claim({ volumeName: "disk", terminating: true })],
    volumes: [volume()],
    want: '0/3 nodes are available: persistentvolumeclaim "data" is being deleted.',
  },
  {
    name: "a claim that has lost its volume",
    claims: [claim({ volumeName: "disk", phase: "Lost" })],
    want: '0/3 nodes are available: persistentvolumeclaim "data" bound to non-existent persistentvolume "disk".',
  },
  {
    name: "a volume that has just gone",
    claims: [claim({ volumeName: "disk" })],
    want: "0/3 nodes are available: 3 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s).",
  },
  {
    name: "a volume of one node",
    claims: [claim({ volumeName: "disk" })],
    volumes: [volume(onN2)],
    want: "n2",
  },
  {
    name: "a volume of one node, and a pod for another",
    claims: [claim({ volumeName: "disk" })],
    volumes: [volume(onN2)],
    pod: user("p", { nodeSelector: { "kubernetes.io/hostname": "n1" } }),
    want: "0/3 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity, 2 node(s) didn't match Pod's node affinity/selector.",
  },
  {
    name: "a claim for one pod at a time that has none",
    claims: [claim({ volumeName: "disk", accessModes: ["ReadWriteOncePod"] })],
    volumes: [volume()],
    want: "n1",
  },
  {
    name: "a claim for one pod at a time that another has, on whatever node",
    claims: [claim({ volumeName: "disk", accessModes: ["ReadWriteOncePod"] })],
    volumes: [volume()],
    pods: [user("other", { nodeName: "n3" })],
    want: "0/3 nodes are available: 3 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.",
  },
  {
    name: "a claim for one node at a time that another pod has",
    claims: [claim({ volumeName: "disk" })],
    volumes: [volume()],
    pods: [user("other", { nodeName: "n3" })],
    want: "n1",
  },
];

for (const { name, claims, volumes = [], pods = [], pod: given = user("p"), want } of cases) {
  test(`volumes of a pod: ${name}`, () => {
    const result = schedule(factsOf(given), cluster(three, pods, {}, { claims, volumes }), {
      startAt: 0,
      random: () => 0,
    });
    const got =
      "refusals" in result
        ? fitMessage([...result.refusals.values()], three.length, { podRefusal: result.podRefusal })
        : result.node.node.metadata.name;
    assert.equal(got, want);
  });
}

test("a pod that is less important gives up a claim for one pod at a time", () => {
  const claims = [claim({ volumeName: "disk", accessModes: ["ReadWriteOncePod"] })];
  const other = user("other", { nodeName: "n3", priority: 0 });
  const important = factsOf(user("important", { priority: 10 }));
  const state = cluster(three, [other], {}, { claims, volumes: [volume()] });
  const result = schedule(important, state, { startAt: 0, random: () => 0 });
  assert("refusals" in result);
  assert.deepEqual(planPreemption(important, state, result.refusals), { nodeName: "n3", victims: [other] });
});

const ZONE = "topology.kubernetes.io/zone";
const OLD_ZONE = "failure-domain.beta.kubernetes.io/zone";
const REGION = "topology.kubernetes.io/region";
const zoned = [
  node("n1", { labels: { [ZONE]: "a", [REGION]: "east" } }),
  node("n2", { labels: { [ZONE]: "b", [REGION]: "east" } }),
];

const places: { name: string; labels: Readonly<Record<string, string>>; want: string }[] = [
  { name: "nowhere in particular", labels: {}, want: "n1" },
  { name: "in the second node's zone", labels: { [ZONE]: "b" }, want: "n2" },
  { name: "in the second node's zone, by the old label", labels: { [OLD_ZONE]: "b" }, want: "n2" },
  { name: "in several zones", labels: { [ZONE]: "c__b" }, want: "n2" },
  { name: "in what is no list of zones", labels: { [ZONE]: "b__" }, want: "n1" },
  {
    name: "in another region",
    labels: { [ZONE]: "a", [REGION]: "west" },
    want: "0/2 nodes are available: 2 node(s) had no available volume zone.",
  },
];

for (const { name, labels, want } of places) {
  test(`a volume that is ${name}`, () => {
    const bare = volume();
    const state = cluster(
      zoned,
      [],
      {},
      {
        claims: [claim({ volumeName: "disk" })],
        volumes: [{ ...bare, metadata: { ...bare.metadata, labels } }],
      },
    );
    const result = schedule(factsOf(user("p")), state, { startAt: 0, random: () => 0 });
    const got =
      "refusals" in result ? fitMessage([...result.refusals.values()], zoned.length) : result.node.node.metadata.name;
    assert.equal(got, want);
  });
}

test("a node that says nothing of where it is takes a volume of any zone", () => {
  const bare = volume();
  const volumes = [{ ...bare, metadata: { ...bare.metadata, labels: { [ZONE]: "b" } } }];
  const state = cluster(three, [], {}, { claims: [claim({ volumeName: "disk" })], volumes });
  assert("nodesLookedAt" in schedule(factsOf(user("p")), state, { startAt: 0, random: () => 0 }));
});
