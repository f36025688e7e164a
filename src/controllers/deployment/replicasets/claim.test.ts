import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReplicaSet } from "../../../api/apps/v1/replicaset.ts";
import { deployment, replicaSet } from "../objects.testing.ts";
import { planClaims } from "./claim.ts";

const owned = replicaSet({ name: "owned", replicas: 3 });
const orphan = withMeta(replicaSet({ name: "orphan", replicas: 3 }), { ownerReferences: [] });
const labels = { app: "other" };
const owner = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "another", controller: true };

function withMeta(of: ReplicaSet, metadata: Partial<ReplicaSet["metadata"]>): ReplicaSet {
  return { ...of, metadata: { ...of.metadata, ...metadata } };
}

const table: { what: string; set: ReplicaSet; deleted?: true; want: "owned" | "adopted" | "released" | undefined }[] = [
  { what: "its own", set: owned, want: "owned" },
  { what: "its own that it does not select any more", set: withMeta(owned, { labels }), want: "released" },
  { what: "the same, when it is on its way out", set: withMeta(owned, { labels }), deleted: true, want: undefined },
  { what: "its own, when it is on its way out", set: owned, deleted: true, want: "owned" },
  { what: "one that nobody controls", set: orphan, want: "adopted" },
  {
    what: "one that is owned, but not controlled",
    set: withMeta(orphan, { ownerReferences: [{ ...owner, controller: false }] }),
    want: "adopted",
  },
  { what: "the same, when it is on its way out", set: orphan, deleted: true, want: undefined },
  {
    what: "one that is itself on its way out",
    set: withMeta(orphan, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    want: undefined,
  },
  { what: "one that it does not select", set: withMeta(orphan, { labels }), want: undefined },
  {
    what: "one of a Deployment that had its name",
    set: withMeta(owned, { ownerReferences: [owner] }),
    want: undefined,
  },
];

for (const { what, set, deleted = false, want } of table) {
  test(`planClaims: ${what}`, () => {
    const claims = planClaims(deployment({ deleted }), [set]);
    const found = Object.entries(claims).flatMap(([name, sets]) => sets.map(() => name));
    assert.deepEqual(found, want === undefined ? [] : [want]);
  });
}
