import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Element } from "../words/ruleset.ts";
import { createLedger } from "./ledger.ts";

function element(key: string, value: string): Element {
  return { object: "element", set: "s", key, value };
}

test("an object is there as long as one owner wants it", () => {
  const ledger = createLedger();
  ledger.replace("a", [element("k", "v")]);
  ledger.replace("b", [element("k", "v")]);
  assert.equal(ledger.takeChanges().length, 1);
  ledger.replace("a", []);
  assert.deepEqual(ledger.takeChanges(), []);
  ledger.replace("b", []);
  assert.deepEqual(ledger.takeChanges(), [{ before: element("k", "v"), after: undefined }]);
});

test("what came and went between two looks is no change", () => {
  const ledger = createLedger();
  ledger.replace("a", [element("k", "v")]);
  ledger.replace("a", []);
  assert.deepEqual(ledger.takeChanges(), []);
});

test("applying the changes to a copy keeps it equal for any set of owners, and the first owner by name wins", () => {
  const wishes = fc.dictionary(fc.constantFrom("k1", "k2"), fc.constantFrom("v1", "v2"));
  const step = fc.record({ owner: fc.constantFrom("a", "b", "c"), wishes, look: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const ledger = createLedger();
      const copy = new Map<string, string>();
      const owners = new Map<string, Record<string, string>>();
      for (const { owner, wishes: wanted, look } of steps) {
        ledger.replace(
          owner,
          Object.entries(wanted).map(([key, value]) => element(key, value)),
        );
        owners.set(owner, wanted);
        if (!look) continue;
        for (const { before, after } of ledger.takeChanges() as { before?: Element; after?: Element }[]) {
          assert.equal(copy.get(before?.key ?? after?.key ?? ""), before?.value);
          if (before !== undefined) copy.delete(before.key);
          if (after !== undefined) copy.set(after.key, after.value);
        }
        const byName = [...owners].toSorted(([a], [b]) => (a < b ? 1 : -1)).map(([, all]) => all);
        assert.deepEqual(Object.fromEntries(copy), Object.assign({}, ...byName));
        assert.equal(ledger.objects().length, copy.size);
      }
    }),
  );
});
