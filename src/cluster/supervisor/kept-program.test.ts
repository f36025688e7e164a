import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir, readFile, readlink, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { silentLogger } from "@fairlead/lib/log";
import { identifyProcess, isAlive } from "@fairlead/lib/process-identity";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { until } from "@fairlead/lib/until.testing";
import type { Journal } from "../journal/journal.ts";
import { openJournal, readJournal } from "../journal/journal.ts";
import type { Resource } from "../journal/resources.ts";
import { waitInMachine } from "../machines/machine.ts";
import type { KeptProgram, KeptProgramOptions, ProgramStatus } from "./kept-program.ts";
import { keepProgram } from "./kept-program.ts";

const SLEEP = ["sleep", "60"] as const;

interface Kept {
  readonly program: KeptProgram;
  readonly folder: string;
  readonly log: string;
  readonly journal: string;
}

async function keep(t: TestContext, command: KeptProgramOptions["command"], more: Partial<KeptProgramOptions> = {}) {
  const folder = await temporaryFolder(t);
  const kept = { folder, log: path.join(folder, "program.log"), journal: path.join(folder, "journal.jsonl") };
  const journal = await openJournal(kept.journal);
  const program = keepProgram({
    name: "test/program",
    command,
    logFile: kept.log,
    journal,
    log: silentLogger,
    stopGraceMs: 200,
    ...more,
  });
  t.after(async () => {
    await program.stop();
    await journal.close();
  });
  return { ...kept, program } satisfies Kept;
}

function pidOf({ program }: Kept): Promise<number> {
  return until("the program", () => program.status().pid);
}

async function firstWords({ log }: Kept): Promise<string | undefined> {
  const words = await readFile(log, "utf8").catch(() => "");
  return words === "" ? undefined : words;
}

test("a command that cannot be started leaves no log open", async (t) => {
  const kept = await keep(t, ["sleep", "a word with\0in it"]);
  await until("the end", () => (kept.program.status().lastEnd === "" ? undefined : true));
  const files = (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ""));
  assert.equal((await Promise.all(files)).includes(kept.log), false);
});

test("a program runs, and is written down with what tells it from others", async (t) => {
  const kept = await keep(t, [...SLEEP]);
  const identity = await identifyProcess(await pidOf(kept));
  const [entry] = await until("the journal", async () => {
    const entries = await readJournal(kept.journal);
    return entries.length > 0 ? entries : undefined;
  });
  assert.deepEqual(entry, { type: "process", role: "test/program", ...identity });
  assert.deepEqual(
    { ...kept.program.status(), pid: 0 },
    {
      name: "test/program",
      state: "running",
      pid: 0,
      restarts: 0,
      lastEnd: "",
      logFile: kept.log,
    },
  );
});

test("a program that is restarted is another process when it is up again", async (t) => {
  const kept = await keep(t, [...SLEEP]);
  const first = await pidOf(kept);
  await kept.program.restart();
  await until("another process", () => {
    const { pid } = kept.program.status();
    return pid === undefined || pid === first ? undefined : pid;
  });
  assert.equal(kept.program.status().restarts, 1);
});

test("a program that is killed is started again", async (t) => {
  const kept = await keep(t, [...SLEEP]);
  const first = await pidOf(kept);
  process.kill(first, "SIGKILL");
  const second = await until("another process", () => {
    const { pid } = kept.program.status();
    return pid === first ? undefined : pid;
  });
  assert.notEqual(second, first);
  assert.equal(kept.program.status().restarts, 1);
  assert.equal(kept.program.status().lastEnd, "signal SIGKILL");
});

test("a program that ends at once is started again after longer and longer pauses", async (t) => {
  const delays: unknown[] = [];
  const log = {
    ...silentLogger,
    warn: (_: string, fields = {}) => void delays.push({ delayMs: 0, ...fields }.delayMs),
  };
  const ends: ProgramStatus[] = [];
  const kept = await keep(t, ["sh", "-c", "echo started; exit 3"], {
    log,
    onEnd: () => ends.push(kept.program.status()),
  });
  await until("three ends", () => (delays.length >= 3 ? true : undefined));
  assert.deepEqual(delays.slice(0, 3), [100, 200, 400]);
  assert.equal(ends[0]?.state, "waiting");
  assert.equal(ends[0].lastEnd, "exit code 3");
  await kept.program.stop();
  assert.equal(kept.program.status().state, "stopped");
  // The last one may have been stopped before it said a word.
  assert.match(await readFile(kept.log, "utf8"), /^(started\n){3,}$/);
});

test("a program that is not there is tried again", async (t) => {
  const kept = await keep(t, ["/no/such/program"]);
  assert.match(await until("its end", () => kept.program.status().lastEnd || undefined), /ENOENT/);
});

test("stop asks the program to end, and it may take its time", async (t) => {
  const kept = await keep(t, ["sh", "-c", "trap 'echo bye; exit 0' TERM; echo hello; while true; do sleep 0.02; done"]);
  await until("its first words", () => firstWords(kept));
  await kept.program.stop();
  assert.equal(await readFile(kept.log, "utf8"), "hello\nbye\n");
});

test("stop kills a program that does not end, and starts none again", async (t) => {
  const kept = await keep(t, ["sh", "-c", "trap '' TERM; echo hello; while true; do sleep 0.02; done"]);
  await until("its first words", () => firstWords(kept));
  const identity = await identifyProcess(await pidOf(kept));
  await kept.program.stop();
  assert.equal(kept.program.status().lastEnd, "signal SIGKILL");
  assert.ok(identity !== undefined && !(await isAlive(identity)));
});

test("what cannot be written down does not run", async (t) => {
  const refused: Resource[] = [];
  const journal: Journal = {
    add: (entry) => {
      refused.push(entry);
      return Promise.reject(new Error("no space left"));
    },
    close: async () => {},
  };
  const kept = await keep(t, [...SLEEP], { journal });
  await until("its end", () => kept.program.status().lastEnd || undefined);
  assert.equal(kept.program.status().lastEnd, "no space left");
  const [entry] = refused;
  assert.ok(entry?.type === "process");
  assert.equal(await isAlive(entry), false);
});

test("a program that was stopped and continued is started again when it ends", async (t) => {
  const self = await identifyProcess(process.pid);
  assert.ok(self !== undefined);
  // The namespaces of this process, which only root may enter: what counts is the process that waits in them.
  const [, ...waiting] = waitInMachine(self);
  const folder = await temporaryFolder(t);
  await writeFile(path.join(folder, "nsenter"), '#!/bin/sh\nwhile [ "$1" != sh ]; do shift; done\nexec "$@"\n', {
    mode: 0o755,
  });
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const ends: string[] = [];
  const { program } = await keep(t, ["nsenter", ...waiting, ...SLEEP], {
    env,
    onEnd: () => ends.push(program.status().lastEnd),
  });
  const first = await until("the program to run", async () => program.status().pid);
  process.kill(first, "SIGSTOP");
  await until("it to stop", async () => {
    const stat = await readFile(`/proc/${first}/stat`, "utf8");
    return / T /.test(stat) ? true : undefined;
  });
  process.kill(first, "SIGCONT");
  process.kill(first, "SIGKILL");
  const second = await until("it to run again", async () => {
    const { pid } = program.status();
    return pid === first ? undefined : pid;
  });
  assert.notEqual(second, first);
  assert.deepEqual(ends, ["signal SIGKILL"]);
});

test("variables of a program are its own: whatever enters the machine for it does not have them", async () => {
  const self = await identifyProcess(process.pid);
  assert.ok(self !== undefined);
  const words = waitInMachine(self, { OF_ITS_OWN: `it's "$HOME"` }).slice(waitInMachine(self).indexOf("sh"));
  const [shell, ...args] = [...words, "sh", "-c", 'echo "$OF_ITS_OWN"; tr "\\0" "\\n" < /proc/$PPID/environ'];
  assert.ok(shell !== undefined);
  const [ofItsOwn, ...ofTheShell] = execFileSync(shell, args, { encoding: "utf8" }).trimEnd().split("\n");
  assert.equal(ofItsOwn, `it's "$HOME"`);
  assert.deepEqual(
    ofTheShell.filter((line) => line.startsWith("OF_ITS_OWN")),
    [],
  );
  assert.ok(ofTheShell.length > 0);
});

test("a program whose nsenter alone was killed is ended before it is started again", async (t) => {
  const programs = await temporaryFolder(t);
  // As the real one with --pid: it stays, and the program is its child.
  await writeFile(path.join(programs, "nsenter"), '#!/bin/sh\n"$@" &\nwait\n', { mode: 0o755 });
  const kept = await keep(t, ["nsenter", ...SLEEP], { env: { PATH: `${programs}:${process.env.PATH}` } });
  const pid = await pidOf(kept);
  const identity = await identifyProcess(pid);
  assert.ok(identity !== undefined);
  process.kill(await parentOf(pid), "SIGKILL");
  await until("another program", () => {
    const now = kept.program.status().pid;
    return now === undefined || now === pid ? undefined : now;
  });
  assert.equal(await isAlive(identity), false);
});

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]);
}
