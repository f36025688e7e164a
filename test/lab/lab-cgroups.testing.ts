import { readdirSync, readFileSync, rmdirSync } from "node:fs";
import path from "node:path";

const LAB = /^fairlead-lab-(\d+)$/;

/** The name of the cgroup of the lab that this process starts. */
export function labCgroup(pid: number): string {
  return `fairlead-lab-${pid}`;
}

/** Where cgroups are: one mount on version 2, one for each controller on version 1. */
export function cgroupMounts(): string[] {
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  return mounts
    .map((line) => line.split(" "))
    .flatMap(([, at = "", type = ""]) => (/^cgroup2?$/.test(type) && at.startsWith("/sys/fs/cgroup") ? [at] : []));
}

/**
 * Takes away the cgroups of labs that were killed before they could do it themselves. What cannot be taken away stays:
 * that is no reason for a test to fail.
 *
 * A lab is over when the process is gone after which its cgroups are named, and none is in them. What has the name of
 * this process is another's, too, which had its number before: call it before a lab is made.
 */
export function removeLeftCgroups(): void {
  const mounts = cgroupMounts();
  const names = new Set(mounts.flatMap(children).filter((name) => LAB.test(name)));
  for (const name of names) {
    const pid = Number(LAB.exec(name)?.[1]);
    if (pid !== process.pid && isAlive(pid)) continue;
    // Deepest first. In every hierarchy before any: one that is still in use is kept as a whole.
    const folders = mounts.filter((at) => children(at).includes(name)).flatMap((at) => tree(path.join(at, name)));
    if (folders.every(isEmpty)) folders.forEach(remove);
  }
}

/** A number that others have now counts, too: then it is not known whose the cgroups are. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function tree(folder: string): string[] {
  return [...children(folder).flatMap((name) => tree(path.join(folder, name))), folder];
}

function children(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return []; // Gone meanwhile.
  }
}

function isEmpty(folder: string): boolean {
  try {
    return readFileSync(path.join(folder, "cgroup.procs"), "utf8") === "";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

function remove(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Gone meanwhile, or its last process is still ending.
  }
}
