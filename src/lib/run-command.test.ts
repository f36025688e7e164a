import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandError, runCommand } from "./run-command.ts";

test("a command's output is what it has printed", async () => {
  assert.equal(await runCommand("printf", ["%s|", "a b", "$HOME"]), "a b|$HOME|");
  assert.equal(await runCommand("cat", [], { input: "given" }), "given");
});

test("a command that fails says why", async () => {
  const failed = runCommand("sh", ["-c", "echo out; echo why >&2; exit 3"]);
  await assert.rejects(failed, (error) => {
    assert.ok(error instanceof CommandError);
    assert.deepEqual([error.exitCode, error.stdout, error.stderr], [3, "out\n", "why\n"]);
    assert.match(error.message, /: why$/);
    return true;
  });
});

test("a command that is not there, and one that is killed, have no exit code", async () => {
  await assert.rejects(runCommand("no-such-program", []), { name: "CommandError", exitCode: undefined });
  await assert.rejects(runCommand("sh", ["-c", "kill -9 $$"]), { name: "CommandError", exitCode: undefined });
});

test("a command that does not read its input ends as it ends", async () => {
  assert.equal(await runCommand("true", [], { input: "x".repeat(1_000_000) }), "");
});

test("an aborted command is ended", async () => {
  await assert.rejects(runCommand("sleep", ["60"], { signal: AbortSignal.timeout(20) }), { name: "CommandError" });
});
