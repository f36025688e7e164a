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
];
const ordinary = ["toString", "constructor", "__proto__", "a"];

test("frozen built-ins refuse changes, and may still be shadowed", async (t) => {
  const thread = new Worker(new URL("./freeze-builtins.testing.ts", import.meta.url));
  t.after(() => thread.terminate());
  thread.postMessage([...refused, ...ordinary]);
  const [{ outcomes, shadowed }] = await once(thread, "message");
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
