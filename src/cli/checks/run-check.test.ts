import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { recordedContext } from "../context.testing.ts";
import { runCheck } from "./run-check.ts";

const sh = (script: string) => ["sh", "-c", script] as const;

const cases: readonly {
  readonly name: string;
  readonly scripts: readonly string[];
  readonly jobs: number;
  readonly want: boolean;
}[] = [
  { name: "one program that succeeds", scripts: ["true"], jobs: 1, want: true },
  { name: "one program that fails", scripts: ["exit 3"], jobs: 1, want: false },
  { name: "side by side, all succeed", scripts: ["true", "true", "true"], jobs: 2, want: true },
  { name: "side by side, the first fails", scripts: ["exit 1", "true", "true"], jobs: 2, want: false },
  { name: "side by side, the last fails", scripts: ["true", "true", "exit 1"], jobs: 2, want: false },
  { name: "side by side, one is killed", scripts: ["kill -9 $$", "true"], jobs: 2, want: false },
];

for (const { name, scripts, jobs, want } of cases) {
  test(`runCheck: ${name}`, async () => {
    const check = { name: "a check", commands: scripts.map(sh), jobs };
    assert.equal(await runCheck(check, "/", recordedContext({ PATH: process.env.PATH })), want);
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
