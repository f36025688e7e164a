import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

const refused = [
  "hasOwnProperty/call",
  "toString/call",
  "constructor/keys",
  "constructor/polluted",
  "constructor/prototype/toString",
  "constructor/prototype/polluted",
  "constructor/constructor/prototype/polluted",
  "valueOf/constructor/prototype/call",
  "list/constructor/from",
  "list/constructor/polluted",
  "list/constructor/prototype/polluted",
  "list/constructor/prototype/0",
];
const ordinary = ["list/toString", "list/push", "list/0", "toString", "constructor", "__proto__", "a"];

/** A fast path that V8 gives up makes work three to ten times as dear. */
const RATIO_MAX = 2.5;

/** Asks a thread, which has built-ins of its own. */
async function ask({ freeze, ...question }: { readonly freeze: boolean; readonly paths?: readonly string[] }) {
  const thread = new Worker(new URL("./freeze-builtins.testing.ts", import.meta.url), { workerData: { freeze } });
  try {
    thread.postMessage(question);
    const [answer] = await once(thread, "message");
    return answer;
  } finally {
    await thread.terminate();
  }
}

test("frozen built-ins refuse changes, and may still be shadowed", async () => {
  const { outcomes, shadowed } = await ask({ freeze: true, paths: [...refused, ...ordinary] });
  assert.deepEqual(outcomes, [...refused.map(() => "refused"), ...ordinary.map(() => "set")]);
  assert.deepEqual(shadowed, {
    error: "AbortError: after",
    object: "mine",
    keys: "toString,constructor,__proto__",
    inherited: undefined,
    make: "function",
    spread: "1,2,3",
  });
});

test("frozen built-ins leave V8 its fast paths", async () => {
  const usual = await ask({ freeze: false });
  const frozen = await ask({ freeze: true });
  const dearer = Object.keys(usual).filter((name) => frozen[name] > RATIO_MAX * usual[name]);
  assert.deepEqual(dearer, [], JSON.stringify({ usual, frozen }));
});
