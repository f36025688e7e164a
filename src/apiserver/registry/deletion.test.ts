import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeleteOptions } from "@fairlead/api/meta/v1/delete-options";
import type { ObjectMeta } from "@fairlead/api/meta/v1/object-meta";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { isReleased, planDeletion } from "./deletion.ts";
import { namespaceStrategy } from "./strategies/namespace-strategy.ts";
import { podStrategy } from "./strategies/pod-strategy.ts";
import type { Strategy } from "./strategy.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");

interface Row {
  readonly name: string;
  readonly object: object;
  readonly strategy?: Strategy;
  readonly options?: DeleteOptions;
  /** `remove`, `pending`, or `mark SECONDS at TIME [FINALIZERS]`. */
  readonly want: string;
}

const running = { spec: { nodeName: "n", terminationGracePeriodSeconds: 30 }, status: { phase: "Running" } };
const dying = { deletionTimestamp: "2026-01-01T00:00:30Z", deletionGracePeriodSeconds: 30 };

const rows: readonly Row[] = [
  { name: "an object without finalizers goes at once", object: {}, want: "remove" },
  {
    name: "a finalizer keeps the object",
    object: { metadata: { finalizers: ["a/b"] } },
    want: "mark 0 at 00:00:00 a/b",
  },
  {
    name: "orphaning leaves a finalizer for the garbage collector",
    object: {},
    options: { propagationPolicy: "Orphan" },
    want: "mark 0 at 00:00:00 orphan",
  },
  {
    name: "foreground deletion leaves a finalizer, too",
    object: { metadata: { finalizers: ["orphan"] } },
    options: { propagationPolicy: "Foreground" },
    want: "mark 0 at 00:00:00 foregroundDeletion",
  },
  {
    name: "background deletion takes the garbage collector's finalizers away",
    object: { metadata: { finalizers: ["orphan"] } },
    options: { propagationPolicy: "Background" },
    want: "remove",
  },
  {
    name: "the old orphanDependents means the same",
    object: {},
    options: { orphanDependents: true },
    want: "mark 0 at 00:00:00 orphan",
  },
  {
    name: "a kind that orphans its dependents by default does so where no policy is named",
    object: {},
    strategy: { orphansDependents: true },
    want: "mark 0 at 00:00:00 orphan",
  },
  {
    name: "and not where one is named, or a finalizer says something else",
    object: {},
    strategy: { orphansDependents: true },
    options: { propagationPolicy: "Background" },
    want: "remove",
  },
  {
    name: "a foreground deletion that has begun stays one",
    object: { metadata: { finalizers: ["foregroundDeletion"] } },
    strategy: { orphansDependents: true },
    want: "mark 0 at 00:00:00 foregroundDeletion",
  },
  {
    name: "a running pod gets its own grace period",
    object: running,
    strategy: podStrategy,
    want: "mark 30 at 00:00:30",
  },
  {
    name: "a running pod gets the grace period that was asked for",
    object: running,
    strategy: podStrategy,
    options: { gracePeriodSeconds: 5 },
    want: "mark 5 at 00:00:05",
  },
  {
    name: "a negative grace period counts as one second",
    object: running,
    strategy: podStrategy,
    options: { gracePeriodSeconds: -3 },
    want: "mark 1 at 00:00:01",
  },
  {
    name: "a negative grace period of the pod's own counts as one second",
    object: { ...running, spec: { ...running.spec, terminationGracePeriodSeconds: -1 } },
    strategy: podStrategy,
    want: "mark 1 at 00:00:01",
  },
  {
    name: "no grace at all removes a running pod",
    object: running,
    strategy: podStrategy,
    options: { gracePeriodSeconds: 0 },
    want: "remove",
  },
  {
    name: "a pod without a node goes at once",
    object: { spec: { terminationGracePeriodSeconds: 30 } },
    strategy: podStrategy,
    want: "remove",
  },
  {
    name: "a finished pod goes at once",
    object: { ...running, status: { phase: "Succeeded" } },
    strategy: podStrategy,
    want: "remove",
  },
  {
    name: "a second deletion changes nothing",
    object: { ...running, metadata: dying },
    strategy: podStrategy,
    want: "pending",
  },
  {
    name: "a second deletion may not lengthen the grace period",
    object: { ...running, metadata: dying },
    strategy: podStrategy,
    options: { gracePeriodSeconds: 60 },
    want: "pending",
  },
  {
    name: "a second deletion may shorten it",
    object: { ...running, metadata: dying },
    strategy: podStrategy,
    options: { gracePeriodSeconds: 10 },
    want: "mark 10 at 00:00:10",
  },
  {
    name: "the kubelet's deletion without grace is the end",
    object: { ...running, metadata: dying },
    strategy: podStrategy,
    options: { gracePeriodSeconds: 0 },
    want: "remove",
  },
  {
    name: "a pod with a finalizer stays after its grace period",
    object: { ...running, metadata: { ...dying, finalizers: ["a/b"] } },
    strategy: podStrategy,
    options: { gracePeriodSeconds: 0 },
    want: "mark 0 at 00:00:00 a/b",
  },
  {
    name: "a grace of 2^63 - 1 seconds is kept, and is over in 292 years",
    object: { ...running, spec: { ...running.spec, terminationGracePeriodSeconds: 2n ** 63n - 1n } },
    strategy: podStrategy,
    want: "mark 9223372036854775807 at 23:47:16",
  },
  {
    name: "a second deletion shortens even the longest grace",
    object: {
      ...running,
      metadata: { deletionTimestamp: "2318-04-12T23:47:16Z", deletionGracePeriodSeconds: 2n ** 63n - 1n },
    },
    strategy: podStrategy,
    options: { gracePeriodSeconds: 30 },
    want: "mark 30 at 00:00:30",
  },
  {
    name: "a second deletion does not lengthen a grace",
    object: { ...running, metadata: dying },
    strategy: podStrategy,
    options: { gracePeriodSeconds: 2n ** 63n - 1n },
    want: "pending",
  },
  {
    name: "a grace of less than no time is one second",
    object: running,
    strategy: podStrategy,
    options: { gracePeriodSeconds: -(2n ** 63n) },
    want: "mark 1 at 00:00:01",
  },
  {
    name: "the generation wraps at the end of int64, as in Go",
    object: { metadata: { finalizers: ["a/b"], generation: 2n ** 63n - 1n } },
    want: "mark 0 at 00:00:00 a/b",
  },
  {
    name: "a namespace waits until it is empty",
    object: { spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } },
    strategy: namespaceStrategy,
    want: "mark 0 at 00:00:00 Terminating",
  },
  {
    name: "a namespace that is empty goes at once",
    object: { spec: { finalizers: [] }, status: { phase: "Terminating" } },
    strategy: namespaceStrategy,
    want: "remove",
  },
];

for (const row of rows) {
  test(row.name, () => {
    const { options = {}, strategy = {} } = row;
    const plan = planDeletion({ object: object(row.object), options, strategy, now: NOW });
    assert.equal(plan.type === "mark" ? shown(plan.object) : plan.type, row.want);
  });
}

test("an object is released when the last finalizer is gone, and not before its grace period", () => {
  const marked = { deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 0 };
  const held = object({ metadata: { ...marked, finalizers: ["a/b"] } });
  const free = object({ metadata: marked });
  assert.equal(isReleased(free, held, {}), true);
  assert.equal(isReleased(held, held, {}), false);
  assert.equal(isReleased(object({ metadata: dying }), object({ metadata: dying }), {}), false);
  assert.equal(isReleased(object({}), object({}), {}), false);
});

function object(given: { readonly metadata?: Partial<ObjectMeta> }): KubeObject {
  const metadata = { name: "o", uid: "u", resourceVersion: "1", creationTimestamp: "2025-01-01T00:00:00Z" };
  return { apiVersion: "v1", kind: "K", ...given, metadata: { ...metadata, ...given.metadata } };
}

function shown({ metadata, ...rest }: KubeObject & { readonly status?: { readonly phase?: string } }): string {
  const { deletionTimestamp = "", deletionGracePeriodSeconds, finalizers = [] } = metadata;
  const phase = rest.status?.phase === "Terminating" ? ["Terminating"] : [];
  return [`mark ${deletionGracePeriodSeconds} at ${deletionTimestamp.slice(11, 19)}`, ...finalizers, ...phase].join(
    " ",
  );
}
