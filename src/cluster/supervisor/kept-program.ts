import { type ChildProcess, spawn } from "node:child_process";
import type { Logger } from "@fairlead/lib/log";
import type { ProcessIdentity } from "@fairlead/lib/process-identity";
import { endProcess, firstChild, identifyProcess, isAlive } from "@fairlead/lib/process-identity";
import type { Journal } from "../journal/journal.ts";
import { backOff } from "./back-off.ts";
import { openLog } from "./log-file.ts";
import type { LoopbackDoor } from "./loopback-door.ts";

/** A program that is started again whenever it ends. */
export interface KeptProgram {
  readonly name: string;
  status(): ProgramStatus;
  /** Restarts it, so that it reads its configuration again. Nothing where it does not run now. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What is known of a kept program right now. */
export interface ProgramStatus {
  /** `fairlead-1/server`, `uplink`. */
  readonly name: string;
  readonly state: "running" | "waiting" | "stopped";
  /** As the host numbers it. */
  readonly pid: number | undefined;
  /** How often it was started again. */
  readonly restarts: number;
  /** How it ended the last time; empty when it never has. */
  readonly lastEnd: string;
  readonly logFile: string;
}

/** What to keep running, and with whose help. */
export interface KeptProgramOptions {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Whose connections the program takes. */
  readonly door?: LoopbackDoor;
  readonly journal: Journal;
  readonly log: Logger;
  /** Called after each end of the program, and of each attempt to start it. */
  readonly onEnd?: () => void;
  /** How long the program gets to end by itself before it is killed. Default 10 s. */
  readonly stopGraceMs?: number;
}

const STOP_GRACE_MS = 10_000;

/** How it goes with a program. */
interface KeptState {
  /** Undefined while it does not run. */
  process: ProcessIdentity | undefined;
  restarts: number;
  lastEnd: string;
}

/** Starts a program and keeps it running until it is stopped. */
export function keepProgram(options: KeptProgramOptions): KeptProgram {
  const stopping = new AbortController();
  const state: KeptState = { process: undefined, restarts: -1, lastEnd: "" };
  const ended = keepStarting(options, state, stopping.signal);
  return {
    name: options.name,
    status: () => ({
      name: options.name,
      state: stopping.signal.aborted ? "stopped" : state.process === undefined ? "waiting" : "running",
      pid: state.process?.pid,
      restarts: Math.max(0, state.restarts),
      lastEnd: state.lastEnd,
      logFile: options.logFile,
    }),
    async restart() {
      if (state.process !== undefined) await endProcess(state.process, options.stopGraceMs ?? STOP_GRACE_MS);
    },
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function keepStarting(options: KeptProgramOptions, state: KeptState, stopping: AbortSignal): Promise<void> {
  const delays = backOff();
  while (!stopping.aborted) {
    const startedAt = performance.now();
    state.restarts++;
    state.lastEnd = await runOnce(options, stopping, (identity) => {
      state.process = identity;
    }).catch((error: Error) => error.message);
    state.process = undefined;
    options.onEnd?.();
    if (stopping.aborted) return;
    const delayMs = delays.next(performance.now() - startedAt);
    options.log.warn("Program ended, starting it again", { program: options.name, end: state.lastEnd, delayMs });
    await pause(delayMs, stopping);
  }
}

/** Starts the program. Its log file is open in this process no longer than that takes. */
async function start({ command: [program, ...args], logFile, env, door }: KeptProgramOptions) {
  await using log = await openLog(logFile);
  const child = spawn(program, args, {
    stdio: ["ignore", log.fd, log.fd, ...(door === undefined ? [] : (["ipc"] as const))],
    env: { ...process.env, ...env },
    // A Ctrl-C in the terminal that ran `up` is not for the cluster.
    detached: true,
  });
  return { child, ended: endOf(child) };
}

/** Answers how the program ended. */
async function runOnce(
  options: KeptProgramOptions,
  stopping: AbortSignal,
  onStart: (identity: ProcessIdentity) => void,
): Promise<string> {
  const { child, ended } = await start(options);
  if (child.pid === undefined) return await ended;
  options.door?.attach(child);
  const identity = await identityOf(options.command, child.pid);
  if (identity === undefined) return await ended;
  onStart(identity);
  const stop = () => endProcess(identity, options.stopGraceMs ?? STOP_GRACE_MS);
  const stopAtOnce = () => void stop();
  if (stopping.aborted) stopAtOnce();
  stopping.addEventListener("abort", stopAtOnce, { once: true });
  try {
    await options.journal.add({ type: "process", role: options.name, ...identity });
    const end = await ended;
    // Only the process that waits for it was killed: the program would hold the ports that the next one needs.
    if (await isAlive(identity)) await stop();
    return end;
  } catch (error) {
    // What is not in the journal must not run: it would never be stopped.
    await stop();
    throw error;
  } finally {
    stopping.removeEventListener("abort", stopAtOnce);
  }
}

/** What `nsenter` starts in a PID namespace is the child of a process that stays outside and waits for it. */
async function identityOf(command: readonly string[], pid: number): Promise<ProcessIdentity | undefined> {
  const program = command[0] === "nsenter" ? await firstChild(pid) : pid;
  return program === undefined ? undefined : await identifyProcess(program);
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, durationMs);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done, { once: true });
  });
}
