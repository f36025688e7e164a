import assert from "node:assert/strict";
import { test } from "node:test";
import { type Choice, chooseBackend } from "./choose-backend.ts";

const [a, b, c] = ["a", "b", "c"].map((pod) => ({ namespace: "shop", pod, port: 80 }));
const list = [a, b, c].flatMap((backend) => backend ?? []);
assert.ok(a !== undefined && b !== undefined && c !== undefined);

const cases: { name: string; affinitySeconds?: number; choice: Partial<Choice>; want: string | undefined }[] = [
  { name: "chance: the first", choice: { random: 0 }, want: "a" },
  { name: "chance: the last", choice: { random: 0.999 }, want: "c" },
  { name: "one that has refused is passed over", choice: { random: 0, refused: [a] }, want: "b" },
  { name: "all have refused", choice: { refused: list }, want: undefined },
  { name: "without affinity the one before means nothing", choice: { last: { backend: b, atMs: 0 } }, want: "a" },
  {
    name: "with affinity the client goes where it was",
    affinitySeconds: 10,
    choice: { last: { backend: { ...b }, atMs: 0 }, nowMs: 9_999 },
    want: "b",
  },
  {
    name: "after its time it goes anywhere",
    affinitySeconds: 10,
    choice: { last: { backend: b, atMs: 0 }, nowMs: 10_000 },
    want: "a",
  },
  {
    name: "affinity does not hold to a pod that has refused",
    affinitySeconds: 10,
    choice: { last: { backend: b, atMs: 0 }, refused: [b], random: 0.999 },
    want: "c",
  },
  {
    name: "affinity does not hold to a pod that has gone",
    affinitySeconds: 10,
    choice: { last: { backend: { ...b, pod: "gone" }, atMs: 0 } },
    want: "a",
  },
];
for (const { name, affinitySeconds, choice, want } of cases) {
  test(`choice of a backend: ${name}`, () => {
    const chosen = chooseBackend(
      { list, problem: "", affinitySeconds },
      { refused: [], nowMs: 0, random: 0, ...choice },
    );
    assert.equal(chosen?.pod, want);
  });
}
