import type { Stats } from "node:fs";
import { chmod, chown, mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { Clock } from "@fairlead/lib/clock";
import { systemClock } from "@fairlead/lib/clock";
import { lockKubeconfig } from "./kubeconfig-lock.ts";

export interface EditFileOptions {
  /** Who shall own a new file, and a folder made for it. An existing file keeps its owner. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  readonly clock?: Clock;
}

/** Where kubectl looks: the first file of `$KUBECONFIG`, else `~/.kube/config`. */
export function defaultKubeconfigFile(env: NodeJS.ProcessEnv = process.env): string {
  const [first] = (env.KUBECONFIG ?? "").split(path.delimiter).filter((file) => file !== "");
  return first ?? path.join(env.HOME ?? homedir(), ".kube", "config");
}

/** The file's text; empty when there is no such file. */
export async function readKubeconfigFile(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: unknown) => {
    if (isErrno(error, "ENOENT")) return "";
    throw error;
  });
}

/**
 * Replaces the file's text by `edit` of it, at once and for the owner's eyes only (0600).
 *
 * Holds client-go's lock (`FILE.lock`), so that kubectl does not write meanwhile. An edit that changes nothing
 * writes nothing, except that a file others may read is closed to them.
 *
 * @throws {KubeconfigError} when the lock is not given up in 5 s.
 */
export async function editKubeconfigFile(
  file: string,
  edit: (text: string) => string,
  { owner, clock = systemClock }: EditFileOptions = {},
): Promise<void> {
  await makeFolder(path.dirname(file), owner);
  // A link stays a link: what it points to is replaced.
  const target = await realpath(file).catch(() => file);
  const lock = await lockKubeconfig(`${file}.lock`, clock);
  try {
    for (const pid of lock.takenFrom) await rm(temporaryName(target, pid), { force: true });
    const present = await stat(target).catch(() => undefined);
    const before = await readKubeconfigFile(target);
    const after = edit(before);
    if (after !== before || present === undefined) await replace(target, after, present ?? owner);
    else await chmod(target, 0o600);
  } finally {
    await lock.release();
  }
}

async function makeFolder(folder: string, owner: EditFileOptions["owner"]): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o755 });
  if (made !== undefined && owner !== undefined) await chown(folder, owner.uid, owner.gid);
}

async function replace(target: string, text: string, owner: Pick<Stats, "uid" | "gid"> | undefined): Promise<void> {
  const temporary = temporaryName(target, process.pid);
  try {
    const handle = await open(temporary, "w", 0o600);
    try {
      await handle.writeFile(text);
      if (owner !== undefined && process.getuid?.() === 0) await handle.chown(owner.uid, owner.gid);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function temporaryName(target: string, pid: number): string {
  return `${target}.${pid}.tmp`;
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
