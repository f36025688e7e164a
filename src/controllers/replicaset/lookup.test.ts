import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { ownersOfPod } from "./lookup.ts";
import { type OwnedPodTraits, ownedPod, replicaSet } from "./objects.testing.ts";

const ours: OwnedPodTraits = {};
const orphan: OwnedPodTraits = { controller: null };
const unlike: OwnedPodTraits = { controller: null, labels: { app: "other" } };
const WEB = "default/web";

const cases: { name: string; before?: OwnedPodTraits; after?: OwnedPodTraits; want: string[] }[] = [
  { name: "made for it", after: ours, want: [WEB] },
  { name: "of it, changed", before: ours, after: { ready: false }, want: [WEB] },
  { name: "of it, gone", before: ours, want: [WEB] },
  { name: "an orphan, selected", after: orphan, want: [WEB] },
  { name: "an orphan, not selected", after: unlike, want: [] },
  { name: "an orphan, changed otherwise", before: orphan, after: { ...orphan, ready: false }, want: [] },
  { name: "an orphan, selected from now on", before: unlike, after: orphan, want: [WEB] },
  { name: "let go by its controller, and selected", before: { controller: "uid-x" }, after: orphan, want: [WEB, WEB] },
];
for (const { name, before, after, want } of cases) {
  test(`a changed pod is reconciled by a ReplicaSet: ${name}`, () => {
    const cache = { byIndex: (_: string, of: string) => (of === "default" ? [replicaSet(1)] : []) };
    const owners = { kind: "ReplicaSet", cache, selectorOf: ({ spec }: ReplicaSet) => spec.selector };
    const change = { key: "default/p", before: before && ownedPod("p", before), after: after && ownedPod("p", after) };
    assert.deepEqual(ownersOfPod(owners, change), want);
  });
}
