import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { DiscoveredResource } from "../discovered-resource.ts";
import { type OwnedObject, ownershipGraph } from "./ownership-graph.ts";
import { type GarbageAction, type OwnerState, planGarbage } from "./plan.ts";

const resource: DiscoveredResource = {
  group: "",
  version: "v1",
  plural: "pods",
  kind: "Pod",
  namespaced: true,
  verbs: [],
};

interface Traits {
  readonly owners?: readonly string[];
  readonly finalizers?: readonly string[];
  readonly deleting?: boolean;
  /** Whether the owners wait for this one. Default true. */
  readonly blocking?: boolean;
}

const cases: {
  name: string;
  object: Traits;
  owners?: Record<string, OwnerState>;
  dependents?: Record<string, Traits>;
  want: string[];
}[] = [
  { name: "nobody's object stays", object: {}, want: [] },
  { name: "an object stays with its owner", object: { owners: ["a"] }, owners: { a: "solid" }, want: [] },
  {
    name: "an object goes with its owner",
    object: { owners: ["a"] },
    owners: { a: "absent" },
    want: ["delete x Background"],
  },
  {
    name: "one owner of two that stays keeps it",
    object: { owners: ["a", "b"] },
    owners: { a: "absent", b: "solid" },
    want: ["owners of x: b"],
  },
  {
    name: "an owner that waits is a reason to go",
    object: { owners: ["a"] },
    owners: { a: "waiting" },
    want: ["delete x Background"],
  },
  {
    name: "with dependents of its own it waits, too",
    object: { owners: ["a"] },
    owners: { a: "waiting" },
    dependents: { d: { owners: ["x"] } },
    want: ["delete x Foreground"],
  },
  {
    name: "a circle of objects that wait for one another is broken",
    object: { owners: ["a"] },
    owners: { a: "waiting" },
    dependents: { a: { owners: ["x"], deleting: true, finalizers: ["foregroundDeletion"] } },
    want: ["owners of x: a (not awaited)"],
  },
  {
    name: "an object on its way out is left to go",
    object: { owners: ["a"], deleting: true },
    owners: { a: "absent" },
    want: [],
  },
  {
    name: "in the foreground: waits for dependents that block it",
    object: { deleting: true, finalizers: ["foregroundDeletion"] },
    dependents: { d: { owners: ["x"] } },
    want: [],
  },
  {
    name: "in the foreground: does not wait for the others",
    object: { deleting: true, finalizers: ["mine", "foregroundDeletion"] },
    dependents: { d: { owners: ["x"], blocking: false } },
    want: ["finalizers of x: mine"],
  },
  {
    name: "orphaning: dependents forget it first",
    object: { deleting: true, finalizers: ["orphan"] },
    dependents: { d: { owners: ["x", "b"] }, e: { owners: ["x"] } },
    want: ["owners of d: b", "owners of e: ", "finalizers of x: "],
  },
  {
    name: "how it goes is as its finalizers say",
    object: { owners: ["a"], finalizers: ["orphan"] },
    owners: { a: "absent" },
    want: ["delete x Orphan"],
  },
];

for (const { name, object, owners = {}, dependents = {}, want } of cases) {
  test(`planGarbage: ${name}`, () => {
    const actions = planGarbage({
      object: owned("x", object),
      dependents: Object.entries(dependents).map(([dependent, traits]) => owned(dependent, traits)),
      ownerState: ({ uid }) => owners[uid] ?? "absent",
    });
    assert.deepEqual(actions.map(format), want);
  });
}

test("ownershipGraph: who needs a look after which change", () => {
  const graph = ownershipGraph();
  const owner = object("owner", {});
  const child = object("child", { owners: ["owner"] });
  const change = (before: KubeObject | undefined, after: KubeObject | undefined) =>
    graph.apply(resource, { key: "", before, after });

  assert.deepEqual(change(undefined, owner), [], "an object that nobody owns");
  assert.deepEqual(change(undefined, child), ["child"]);
  assert.deepEqual(
    change(child, { ...child, metadata: { ...child.metadata, labels: { a: "b" } } }),
    [],
    "nothing of note",
  );
  const waiting = object("owner", { deleting: true, finalizers: ["foregroundDeletion"] });
  assert.deepEqual(change(owner, waiting), ["owner", "child"]);
  assert.deepEqual(change(child, undefined), ["owner"], "it waits for its dependents");
  assert.deepEqual(graph.dependentsOf("owner"), []);
  change(undefined, child);
  assert.deepEqual(change(waiting, undefined), ["child"]);
  assert.equal(graph.get("owner"), undefined);
});

test("ownershipGraph: a deleted owner is remembered, one whose resource is not served any more is not", () => {
  const graph = ownershipGraph();
  const change = (before: KubeObject | undefined, after: KubeObject | undefined) =>
    graph.apply(resource, { key: "", before, after });
  for (const name of ["deleted", "unserved"]) {
    change(undefined, object(name, {}));
    change(undefined, object(`child of ${name}`, { owners: [name] }));
  }
  change(object("deleted", {}), undefined);
  assert.deepEqual(graph.forget({ resource, metadata: object("unserved", {}).metadata }), ["child of unserved"]);
  assert.deepEqual([graph.wasDeleted("deleted"), graph.wasDeleted("unserved")], [true, false]);
  assert.equal(graph.get("unserved"), undefined);

  change(undefined, object("alone", {}));
  change(object("alone", {}), undefined);
  assert.equal(graph.wasDeleted("alone"), false, "it owned nothing");
});

test("ownershipGraph: the oldest of many deleted owners are forgotten", () => {
  const graph = ownershipGraph();
  for (let count = 0; count <= 500; count++) {
    const owner = object(`owner-${count}`, {});
    graph.apply(resource, {
      key: "",
      before: undefined,
      after: object(`child-${count}`, { owners: [`owner-${count}`] }),
    });
    graph.apply(resource, { key: "", before: undefined, after: owner });
    graph.apply(resource, { key: "", before: owner, after: undefined });
  }
  assert.deepEqual(
    [0, 1, 500].map((count) => graph.wasDeleted(`owner-${count}`)),
    [false, true, true],
  );
});

function object(uid: string, { owners = [], finalizers = [], deleting = false, blocking = true }: Traits): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...{ name: uid, uid, resourceVersion: "1", creationTimestamp: "", finalizers },
      ownerReferences: owners.map((owner) => ({
        ...{ apiVersion: "v1", kind: "Pod", name: owner, uid: owner },
        blockOwnerDeletion: blocking,
      })),
      ...(deleting && { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    },
  };
}

function owned(uid: string, traits: Traits): OwnedObject {
  return { resource, metadata: object(uid, traits).metadata };
}

function format(action: GarbageAction): string {
  const { uid } = action.object.metadata;
  switch (action.do) {
    case "delete":
      return `delete ${uid} ${action.policy}`;
    case "setFinalizers":
      return `finalizers of ${uid}: ${action.finalizers.join()}`;
    case "setOwners": {
      const isAwaited = action.owners.every((owner) => owner.blockOwnerDeletion === true);
      return `owners of ${uid}: ${action.owners.map((owner) => owner.uid).join()}${isAwaited ? "" : " (not awaited)"}`;
    }
  }
}
