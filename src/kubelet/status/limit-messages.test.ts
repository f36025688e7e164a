import assert from "node:assert/strict";
import { test } from "node:test";
import { limitMessages } from "./limit-messages.ts";

const ended = (message: string) => ({ terminated: { exitCode: 1, message } });
const status = { name: "app", image: "", imageID: "", ready: false, restartCount: 1 };

const rows: { name: string; containers: number; message: string; want: string }[] = [
  { name: "a message that fits", containers: 3, message: "a".repeat(4096), want: "a".repeat(4096) },
  { name: "a message beyond its share", containers: 4, message: "a".repeat(4096), want: "a".repeat(3072) },
  { name: "a cut within a character", containers: 12, message: "é".repeat(1000), want: "é".repeat(512) },
  {
    name: "a cut that splits a character",
    containers: 12,
    message: `a${"é".repeat(1000)}`,
    want: `a${"é".repeat(511)}`,
  },
];

for (const { name, containers, message, want } of rows) {
  test(`limitMessages: ${name}`, () => {
    const limited = limitMessages({ ...status, state: ended(message), lastState: ended(message) }, containers);
    assert.equal(limited.state?.terminated?.message, want);
    assert.equal(limited.lastState?.terminated?.message, want);
  });
}

test("limitMessages: a running container is not changed", () => {
  const running = { ...status, state: { running: { startedAt: "2026-01-01T00:00:00Z" } }, lastState: {} };
  assert.deepEqual(limitMessages(running, 20), running);
});
