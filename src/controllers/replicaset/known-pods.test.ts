import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { createObjectIndex } from "@fairlead/client/cache/object-index";
import fc from "fast-check";
import { ownerIndex } from "../ownership/owner-index.ts";
import { createKnownPods } from "./known-pods.ts";
import { type OwnedPodTraits, ownedPod, replicaSet, tallyOf } from "./objects.testing.ts";

const KEY = "default/web";

/** A ReplicaSet and pods, whose changes are reported as caches report them. */
function createWorld() {
  const pods = createObjectIndex<Pod>();
  const { byIndex } = pods.addIndexes(ownerIndex);
  const read: string[] = [];
  const known = createKnownPods({
    byIndex,
    get(key) {
      read.push(key);
      return pods.get(key);
    },
  });
  let current = replicaSet(3);
  return {
    /** Keys of the pods that were looked at one by one. */
    read,
    setPod(name: string, after: Pod | undefined) {
      const key = `default/${name}`;
      known.podChanged({ key, before: pods.set(key, after), after });
    },
    change: (update: (before: ReplicaSet) => ReplicaSet) => {
      current = update(current);
    },
    forget: () => known.forget(KEY),
    tally: () => known.read(KEY, current),
    fromNothing: () => tallyOf(current, byIndex("controller", current.metadata.uid)),
  };
}

type World = ReturnType<typeof createWorld>;
type Step = (world: World) => void;

const names = fc.constantFrom("p1", "p2", "p3", "p4", "p5");
const traits: fc.Arbitrary<OwnedPodTraits> = fc.record({
  ready: fc.boolean(),
  terminating: fc.boolean(),
  phase: fc.constantFrom("Pending" as const, "Running" as const, "Failed" as const),
  labels: fc.constantFrom<Record<string, string>>({ app: "web" }, { app: "web", tier: "front" }, { app: "other" }),
  controller: fc.constantFrom<string | null>("uid-rs", "uid-rs", "uid-new", null),
});
const updates = fc.constantFrom<(before: ReplicaSet) => ReplicaSet>(
  (of) => ({ ...of, metadata: { ...of.metadata, resourceVersion: `${of.metadata.resourceVersion}1` } }),
  (of) => ({ ...of, metadata: { ...of.metadata, uid: of.metadata.uid === "uid-rs" ? "uid-new" : "uid-rs" } }),
  (of) => ({ ...of, metadata: { ...of.metadata, deletionTimestamp: "2026-01-01T01:00:00Z" } }),
  (of) => {
    const { template } = of.spec;
    const metadata = { ...template.metadata, labels: { app: "web", tier: "front" } };
    return { ...of, spec: { ...of.spec, template: { ...template, metadata } } };
  },
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(names, traits).map(
      ([n, t]): Step =>
        (w) =>
          w.setPod(n, ownedPod(n, t)),
    ),
  },
  {
    weight: 2,
    arbitrary: names.map(
      (n): Step =>
        (w) =>
          w.setPod(n, undefined),
    ),
  },
  {
    weight: 2,
    arbitrary: updates.map(
      (update): Step =>
        (w) =>
          w.change(update),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((w) => w.forget()) },
  { weight: 5, arbitrary: fc.constant<Step>(look) },
);

test("counting what changed gives what counting all gives, whatever pods and ReplicaSet did before", () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 40, size: "max" }), (history) => {
      const world = createWorld();
      for (const step of history) step(world);
      look(world);
    }),
    { numRuns: 300 },
  );
});

test("one changed pod of many is the only one that is looked at, also after the status was written", () => {
  const world = createWorld();
  for (let i = 0; i < 20; i++) world.setPod(`p${i}`, ownedPod(`p${i}`));
  look(world);
  world.change((of) => ({ ...of, status: { replicas: 20 } }));
  world.setPod("p7", ownedPod("p7", { ready: false }));
  look(world);
  look(world);
  assert.deepEqual(world.read, ["default/p7"]);
});

/** Compares both ways to count. The order of pods is no part of a tally. */
function look(world: World): void {
  const sorted = (counted: Iterable<unknown>) => [...counted].map((one) => JSON.stringify(one)).sort();
  const { active, released, terminating, labelled, readySinceMs } = world.tally();
  const whole = world.fromNothing();
  assert.deepEqual(sorted(active), sorted(whole.active));
  assert.deepEqual(sorted(released), sorted(whole.released));
  assert.deepEqual(sorted(terminating), sorted(whole.terminating));
  assert.deepEqual(sorted(labelled), sorted(whole.labelled));
  assert.deepEqual(sorted(readySinceMs), sorted(whole.readySinceMs));
}
