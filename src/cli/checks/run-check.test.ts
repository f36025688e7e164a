import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { recordedContext } from "../context.testing.ts";
import type { CheckCommand } from "./plan.ts";
import { runCheck } from "./run-check.ts";

const sh = (script: string): CheckCommand => ({ label: script, words: ["sh", "-c", script] });

const cases: readonly {
  readonly name: string;
  readonly scripts: readonly string[];
  readonly jobs: number;
  /** Those that failed. */
  readonly want: readonly string[];
}[] = [
  { name: "one program that succeeds", scripts: ["true"], jobs: 1, want: [] },
  { name: "one program that fails", scripts: ["exit 3"], jobs: 1, want: ["exit 3"] },
  { name: "side by side, all succeed", scripts: ["true", "true", "true"], jobs: 2, want: [] },
  { name: "side by side, the first fails", scripts: ["exit 1", "true", "true"], jobs: 2, want: ["exit 1"] },
  { name: "side by side, the last fails", scripts: ["true", "true", "exit 1"], jobs: 2, want: ["exit 1"] },
  { name: "side by side, one is killed", scripts: ["kill -9 $$", "true"], jobs: 2, want: ["kill -9 $$"] },
];

for (const { name, scripts, jobs, want } of cases) {
  test(`runCheck: ${name}`, async () => {
    const check = { name: "a check", commands: scripts.map(sh), jobs };
    const failed = await runCheck(check, "/", recordedContext({ PATH: process.env.PATH }));
    assert.deepEqual(
      failed.map(({ label }) => label),
      want,
    );
  });
}

test("runCheck: the lines of programs that run at the same time stay together", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "check-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const context = recordedContext({ PATH: process.env.PATH });
  // Each waits for the other one between its lines.
  const pair = (own: string, other: string) =>
    sh(`echo ${own}1; : > ${own}; until [ -e ${other} ]; do :; done; echo ${own}2 >&2`);
  await runCheck({ name: "a check", commands: [pair("a", "b"), pair("b", "a")], jobs: 2 }, folder, context);
  assert.match(context.printed.out, /passed in .* s\na1\na2\n/);
  assert.match(context.printed.out, /passed in .* s\nb1\nb2\n/);
});

test("runCheck: what a failed program printed is kept where other blocks follow", async () => {
  const check = { name: "a check", commands: [sh("echo no; exit 1"), sh("true")], jobs: 2 };
  const failed = await runCheck(check, "/", recordedContext({ PATH: process.env.PATH }));
  assert.deepEqual(failed, [{ label: "echo no; exit 1", printed: "no\n" }]);
});
