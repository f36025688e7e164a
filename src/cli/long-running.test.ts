import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "@fairlead/lib/log";
import { running } from "@fairlead/lib/running";
import { runProgram } from "./long-running.ts";

const log = createLogger(() => {});

test("a program is stopped when the process is asked to end", async () => {
  const interrupt = new AbortController();
  let stops = 0;
  const program = Promise.resolve(running(async () => void stops++));
  const exitCode = runProgram(program, interrupt.signal, { log });
  await program;
  assert.equal(stops, 0);
  interrupt.abort();
  assert.equal(await exitCode, 0);
  assert.equal(stops, 1);
});

test("a program that never starts does not keep the process from ending", async () => {
  const interrupt = new AbortController();
  const exitCode = runProgram(new Promise(() => {}), interrupt.signal, { log });
  interrupt.abort();
  assert.equal(await exitCode, 0);
});

test("a program that cannot start says why", async () => {
  const starting = Promise.reject(new Error("no certificates"));
  await assert.rejects(runProgram(starting, new AbortController().signal, { log }), /no certificates/);
});
