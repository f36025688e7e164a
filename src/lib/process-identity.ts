import { readFile } from "node:fs/promises";

/** Identifies one process among those that have the same number one after another. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In clock ticks since the machine started: field 22 of `/proc/PID/stat` (proc(5)). */
  readonly startTime: number;
}

interface ProcessState extends ProcessIdentity {
  /** Whether it has ended, and only waits to be collected by its parent. */
  readonly hasEnded: boolean;
}

async function readState(pid: number): Promise<ProcessState | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The program's name is in parentheses and may hold anything, a closing parenthesis included.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, startTime] = [fields[0], Number(fields[19])];
    return { pid, startTime, hasEnded: state === "Z" || state === "X" };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}

/** Undefined when there is no such process, or it has ended and only waits to be collected. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const state = await readState(pid);
  return state === undefined || state.hasEnded ? undefined : { pid, startTime: state.startTime };
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(identity.pid))?.startTime === identity.startTime;
}

/**
 * Sends a signal to exactly this process.
 *
 * @returns whether it was still there.
 */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(identity))) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

const POLL_INTERVAL_MS = 10;
const CHILD_POLL_INTERVAL_MS = 2;

/** Waits until the process has ended. Answers false when it has not after `timeoutMs`. */
export async function waitForEnd(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (await isAlive(identity)) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
  return true;
}

/** The first process that `pid` has started, as soon as there is one; undefined when `pid` ends before. */
export async function firstChild(pid: number): Promise<number | undefined> {
  while ((await identifyProcess(pid)) !== undefined) {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
    const child = Number(children.trim().split(" ")[0]);
    if (child > 0) return child;
    await new Promise((resolve) => setTimeout(resolve, CHILD_POLL_INTERVAL_MS));
  }
  return undefined;
}

/** Asks a process to end, and kills it when it has not after `graceMs`. */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  if ((await signalProcess(identity, "SIGTERM")) && !(await waitForEnd(identity, graceMs))) {
    await signalProcess(identity, "SIGKILL");
    await waitForEnd(identity, 5_000);
  }
}
