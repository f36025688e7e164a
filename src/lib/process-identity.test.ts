import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { ProcessIdentity } from "./process-identity.ts";
import { endProcess, firstChild, identifyProcess, isAlive, signalProcess, waitForEnd } from "./process-identity.ts";
import { until } from "./until.testing.ts";

/** A shell that has run its script up to `echo`. */
async function startShell(t: TestContext, script: string): Promise<ProcessIdentity> {
  const child = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"] });
  t.after(() => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  const identity = await identifyProcess(child.pid ?? 0);
  assert.ok(identity !== undefined);
  return identity;
}

const SLEEPER = "echo; exec sleep 60";

test("this process is alive, and is the same each time it is asked after", async () => {
  const identity = await identifyProcess(process.pid);
  assert.deepEqual(await identifyProcess(process.pid), identity);
  assert.ok(identity !== undefined && (await isAlive(identity)));
});

test("a process with the number but another start is not the process", async (t) => {
  const real = await startShell(t, SLEEPER);
  const earlier = { ...real, startTime: real.startTime - 1 };
  assert.equal(await isAlive(earlier), false);
  assert.equal(await signalProcess(earlier, "SIGKILL"), false);
  await endProcess(earlier, 0);
  assert.equal(await isAlive(real), true);
});

test("a name with parentheses and spaces does not confuse", async (t) => {
  const identity = await startShell(t, "printf 'a) S (b' > /proc/$$/comm; echo; while true; do sleep 0.05; done");
  assert.ok(identity.startTime > 0);
  assert.equal(await isAlive(identity), true);
});

/** A child that has ended and is not collected: a shell would do that, what it has become does not. */
async function startZombie(t: TestContext): Promise<ProcessIdentity> {
  const parent = await startShell(t, "sleep 60 & echo; exec sleep 60");
  await until("the shell to become another program", async () =>
    (await readFile(`/proc/${parent.pid}/comm`, "utf8")) === "sleep\n" ? true : undefined,
  );
  const zombie = await identifyProcess((await firstChild(parent.pid)) ?? 0);
  assert.ok(zombie !== undefined);
  process.kill(zombie.pid, "SIGKILL");
  assert.ok(await waitForEnd(zombie, 5_000));
  return zombie;
}

test("a process that has ended is gone, also before its parent has collected it", async (t) => {
  const zombie = await startZombie(t);
  assert.equal(existsSync(`/proc/${zombie.pid}`), true);
  assert.equal(await identifyProcess(zombie.pid), undefined);
});

test("endProcess asks first", async (t) => {
  const identity = await startShell(t, SLEEPER);
  await endProcess(identity, 10_000);
  assert.equal(await isAlive(identity), false);
});

test("endProcess kills what does not listen, once the grace is over", async (t) => {
  const identity = await startShell(t, "trap '' TERM; echo; while true; do sleep 0.05; done");
  const startedAt = performance.now();
  await endProcess(identity, 100);
  assert.equal(await isAlive(identity), false);
  assert.ok(performance.now() - startedAt >= 100);
});

test("waitForEnd gives up when its time is over", async (t) => {
  const identity = await startShell(t, SLEEPER);
  assert.equal(await waitForEnd(identity, 30), false);
});

test("firstChild answers nothing for a process that has ended without one", async (t) => {
  const identity = await startShell(t, SLEEPER);
  await endProcess(identity, 10_000);
  assert.equal(await firstChild(identity.pid), undefined);
});
