/** Hostile attempts against an API server and a kubelet's endpoint with the policy of a real cluster: one row an attempt. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { controls } from "./controls.testing.ts";
import { type Answer, isRaw } from "./escape.testing.ts";
import { escapes } from "./escapes.testing.ts";
import { type HostileCluster, startHostileCluster } from "./hostile-cluster.testing.ts";

/** Rows are added, seldom taken away. */
const ROWS_MIN = 400;

let cluster: HostileCluster;
before(async () => {
  cluster = await startHostileCluster();
});
after(() => cluster?.[Symbol.asyncDispose]());

test("the table has enough rows, every row a rule and a wanted answer, and no two are alike", () => {
  assert.ok(escapes.length >= ROWS_MIN, `${escapes.length} rows`);
  assert.deepEqual(repeated(escapes.map(({ name }) => name)), []);
  assert.deepEqual(repeated(escapes.map(({ as, attempt }) => JSON.stringify([as, attempt]))), []);
  assert.deepEqual(
    escapes.filter(({ rule, name }) => rule.trim().length < 5 || name.trim().length < 10),
    [],
  );
  assert.deepEqual(
    escapes.filter(({ attempt, want }) => !isRaw(attempt) && !givesReason(want)).map(({ name }) => name),
    [],
    "a row whose attempt is refused says why from the beginning of the answer, one whose attempt is accepted how it did no harm",
  );
});

/** Whether another refusal would fail the row. */
function givesReason({ code, says }: Answer): boolean {
  if (!(says instanceof RegExp)) return says !== "";
  return Number(code) < 400 || /^\^[A-Z][A-Za-z]+: /.test(says.source);
}

for (const { as, path, to = "api" } of controls) {
  test(`${as} may read ${path} of ${to}`, async () => {
    const { codes, text } = await cluster.send(as, { path, to });
    assert.deepEqual(codes, [200], text.slice(0, 1_000));
  });
}

for (const { name, rule, as, attempt, want, after } of escapes) {
  test(`${rule}: ${name}`, async () => {
    const revision = await cluster.revision();
    const outcome = await cluster.send(as, attempt);
    assert.deepEqual(outcome.codes, [want.code].flat(), outcome.text.slice(0, 1_000));
    if (want.says instanceof RegExp) assert.match(outcome.text, want.says);
    else assert.equal(outcome.text, want.says);
    if (outcome.codes.every((code) => code >= 400)) {
      assert.equal(await cluster.revision(), revision, "a refused attempt changes nothing");
    }
    if (after === undefined) return;
    const { text } = await cluster.send("admin", { path: after.path });
    assert.match(text, after.says);
  });
}

function repeated(texts: readonly string[]): readonly string[] {
  return texts.filter((text, index) => texts.indexOf(text) !== index);
}
