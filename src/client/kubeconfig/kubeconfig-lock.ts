import { readlink, rename, rm, symlink } from "node:fs/promises";
import { hostname } from "node:os";
import type { Clock } from "@fairlead/lib/clock";
import { identifyProcess, isAlive, type ProcessIdentity } from "@fairlead/lib/process-identity";
import { KubeconfigError } from "./kubeconfig.ts";

const WAIT_MS = 5_000;
const RETRY_MS = 50;

/** Who has a lock. Processes of other machines and PID namespaces cannot be looked up. */
interface Holder extends ProcessIdentity {
  readonly machine: string;
}

export interface KubeconfigLock {
  /** Process IDs of earlier holders that ended without giving the lock up. */
  readonly takenFrom: readonly number[];
  release(): Promise<void>;
}

/**
 * Takes client-go's lock of a kubeconfig, `FILE.lock`: kubectl does not write the file meanwhile.
 *
 * The lock is a symbolic link whose text names its holder: it comes into being with that text, and client-go takes whatever has the name
 * for a lock. A lock whose holder has ended is taken over.
 *
 * @throws {KubeconfigError} when the lock is not given up in 5 s.
 */
export async function lockKubeconfig(lockFile: string, clock: Clock): Promise<KubeconfigLock> {
  const machine = await ownMachine();
  const own = await holderText(machine);
  const takenFrom: number[] = [];
  const release = () => rm(lockFile, { force: true });
  for (const giveUpMs = clock.monotonicMs() + WAIT_MS; ; await clock.sleep(RETRY_MS)) {
    if (await link(own, lockFile)) return { takenFrom, release };
    const holder = parseHolder(await readlink(lockFile).catch(() => ""));
    if (holder?.machine === machine && !(await isAlive(holder))) {
      takenFrom.push(holder.pid);
      if (await takeOver(own, lockFile, clock)) return { takenFrom, release };
    }
    if (clock.monotonicMs() >= giveUpMs) {
      throw new KubeconfigError(
        `Cannot change the kubeconfig: ${lockFile} is there; remove it if no other program is changing the file`,
      );
    }
  }
}

/** @returns false when there is a lock. */
async function link(text: string, lockFile: string): Promise<boolean> {
  try {
    await symlink(text, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Others may find the same lock abandoned at the same time: of those who replace it the last one has it. */
async function takeOver(own: string, lockFile: string, clock: Clock): Promise<boolean> {
  const beside = `${lockFile}.${own.slice(own.lastIndexOf(" ") + 1)}`;
  await symlink(own, beside);
  await rename(beside, lockFile);
  await clock.sleep(RETRY_MS);
  return (await readlink(lockFile).catch(() => "")) === own;
}

async function ownMachine(): Promise<string> {
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "");
  return `${hostname()}/${namespace}`;
}

/** `fairlead MACHINE PID START-TIME UUID`: no two locks have the same. */
async function holderText(machine: string): Promise<string> {
  const identity = await identifyProcess(process.pid);
  return ["fairlead", machine, process.pid, identity?.startTime ?? "", crypto.randomUUID()].join(" ");
}

function parseHolder(text: string): Holder | undefined {
  const [, machine, pid, startTime] = /^fairlead (\S+) (\d+) (\d+) \S+$/.exec(text) ?? [];
  if (machine === undefined) return undefined;
  return { machine, pid: Number(pid), startTime: Number(startTime) };
}
