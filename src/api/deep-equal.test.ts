import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "./complete.testing.ts";
import { podKind } from "./core/v1/pod/pod.ts";
import { deepEqual } from "./deep-equal.ts";
import { specChanged } from "./spec-changed.ts";

const cases: [a: unknown, b: unknown, want: boolean][] = [
  [1, 1, true],
  [1, "1", false],
  [undefined, [], true],
  [null, {}, true],
  [undefined, "", false],
  [{ a: 1 }, { a: 1, b: undefined }, true],
  [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, true],
  [{ a: [1, 2] }, { a: [2, 1] }, false],
  [{ a: 1 }, { b: 1 }, false],
  [[1], { 0: 1 }, false],
];
for (const [a, b, want] of cases) {
  test(`${JSON.stringify(a)} and ${JSON.stringify(b)} ${want ? "say the same" : "differ"}`, () => {
    assert.equal(deepEqual(a, b), want);
    assert.equal(deepEqual(b, a), want);
  });
}

test("only what the user wants counts as a change of the spec", () => {
  const pod = complete(podKind, { metadata: { name: "p" }, spec: { containers: [{ name: "a", image: "a:1" }] } });
  assert.equal(specChanged({ ...pod, metadata: { ...pod.metadata, labels: { a: "b" } } }, pod), false);
  assert.equal(specChanged({ ...pod, ...{ status: { phase: "Running" } } }, pod), false);
  assert.equal(specChanged({ ...pod, ...{ spec: { ...pod.spec, activeDeadlineSeconds: 1 } } }, pod), true);
});
