import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "@fairlead/lib/log";
import type { Survey } from "../changes/diff.ts";
import type { NftObject, Table } from "../words/ruleset.ts";
import type { Kernel } from "./kernel.ts";
import { NftError } from "./nft-error.ts";
import { createOwnedTable } from "./owned-table.ts";

const TABLE: Table = { family: "ip", name: "t" };
const set: NftObject = { object: "set", name: "s", key: ["address"] };

function element(key: string): NftObject {
  return { object: "element", set: "s", key, value: "" };
}

/** A kernel that shows every owner `found`, and remembers the transactions that it does not refuse. */
function start(found?: Partial<Survey>) {
  const transactions: string[] = [];
  const state = { found, refusals: 0 };
  const kernel: Kernel = {
    async run(commands) {
      if (state.refusals-- > 0) throw new NftError("refused");
      transactions.push(commands.join("; "));
    },
    survey: async () =>
      state.found === undefined ? undefined : { chains: [], sets: [], maps: [], dynamicSets: [], ...state.found },
  };
  const owned = createOwnedTable({ table: TABLE, kernel, log: silentLogger });
  owned.replace("", [set]);
  return { owned, state, taken: () => transactions.splice(0) };
}

test("a table that is not there is made, then changed by the difference", async () => {
  const { owned, taken } = start();
  assert.equal(await owned.sync(), 2);
  assert.deepEqual(taken(), ["add table ip t; add set ip t s { type ipv4_addr; }"]);
  owned.replace("a", [element("10.0.0.1")]);
  owned.replace("b", [element("10.0.0.1"), element("10.0.0.2")]);
  await owned.sync();
  assert.deepEqual(taken(), ["add element ip t s { 10.0.0.1, 10.0.0.2 }"]);
  owned.replace("a", []);
  assert.equal(await owned.sync(), 0, "another owner wants it still");
  assert.deepEqual(taken(), []);
});

test("a table that is there is left alone until the first write, which takes it over", async () => {
  const { owned, taken } = start({ sets: ["s", "old"] });
  await owned.prepare();
  assert.deepEqual(taken(), []);
  await owned.sync();
  const takenOver = ["flush set ip t s", "flush set ip t old", "add set ip t s { type ipv4_addr; }"];
  assert.deepEqual(taken(), [[...takenOver, "delete set ip t old"].join("; ")]);
});

test("a table that cannot be taken over is replaced in one transaction", async () => {
  const { owned, state, taken } = start({ maps: ["s"] });
  state.refusals = 1;
  await owned.sync();
  assert.deepEqual(taken(), ["add table ip t; delete table ip t; add table ip t; add set ip t s { type ipv4_addr; }"]);
});

test("after a refusal, and when a set is gone, the next write replaces the whole", async () => {
  const { owned, state, taken } = start();
  await owned.sync();
  state.refusals = 1;
  owned.replace("a", [element("10.0.0.1")]);
  await assert.rejects(owned.sync(), NftError);
  taken();
  state.found = { sets: ["s"] };
  await owned.sync();
  const whole = "flush set ip t s; add set ip t s { type ipv4_addr; }; add element ip t s { 10.0.0.1 }";
  assert.deepEqual(taken(), [whole]);
  assert.equal(await owned.verify(), true);
  assert.equal(await owned.sync(), 0);
  for (const found of [{}, undefined]) {
    state.found = found;
    assert.equal(await owned.verify(), false);
  }
  taken();
  await owned.sync();
  assert.equal(taken()[0]?.startsWith("add table ip t; "), true);
});
