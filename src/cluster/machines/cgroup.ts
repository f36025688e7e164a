import { mkdirSync, writeFileSync } from "node:fs";
import { readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { readKernelFile } from "@fairlead/lib/read-kernel-file";

const CGROUP_ROOT = "/sys/fs/cgroup";

/**
 * The folders in which a cgroup path lives: one on cgroup v2, one for each controller on v1, and on a hybrid system
 * also the v2 tree beside them, in which runc makes its cgroups too.
 */
function hierarchies(): string[] {
  return mounts().flatMap(([, mountPoint = "", type]) =>
    (type === "cgroup" || type === "cgroup2") && mountPoint.startsWith(CGROUP_ROOT) ? [mountPoint] : [],
  );
}

/** Whether the machine has the one unified hierarchy. */
function isCgroupV2(): boolean {
  return mounts().some(([, mountPoint, type]) => mountPoint === CGROUP_ROOT && type === "cgroup2");
}

function mounts(): string[][] {
  const text = readKernelFile("/proc/self/mounts") ?? "";
  return text.split("\n").map((line) => line.split(" "));
}

/**
 * Makes a cgroup, given as a path below the root such as `/fairlead/NAME/NODE`.
 *
 * On v2 every controller of the parent is handed down, so that limits work below it. Waits for no disk; on v1 it is more than
 * a hundred calls of the kernel for each machine, which would take ten times as long with the help of threads.
 */
export function makeCgroup(cgroup: string): void {
  const isV2 = isCgroupV2();
  for (const hierarchy of hierarchies()) {
    let folder = hierarchy;
    for (const part of cgroup.split("/").filter((p) => p !== "")) {
      if (isV2) handControllersDown(folder);
      folder = path.join(folder, part);
      mkdirSync(folder, { recursive: true });
      inheritCpuset(folder);
    }
  }
}

function handControllersDown(folder: string): void {
  const controllers = readKernelFile(path.join(folder, "cgroup.controllers")) ?? "";
  for (const controller of controllers.split(/\s+/).filter((c) => c !== "")) {
    try {
      writeFileSync(path.join(folder, "cgroup.subtree_control"), `+${controller}`);
    } catch {
      // A controller that cannot be handed down (a v1 hierarchy holds it) is one that pods do without.
    }
  }
}

/** A v1 cpuset starts empty, and nothing can be put into it until it has processors and memory nodes. */
function inheritCpuset(folder: string): void {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const own = readKernelFile(path.join(folder, file));
    if (own === undefined || own.trim() !== "") continue;
    const parents = readKernelFile(path.join(folder, "..", file)) ?? "";
    if (parents.trim() !== "") writeFileSync(path.join(folder, file), parents);
  }
}

/** The `cgroup.procs` files to write a process's number into. */
export function cgroupProcsFiles(cgroup: string): string[] {
  return hierarchies().map((hierarchy) => path.join(hierarchy, cgroup, "cgroup.procs"));
}

/** The processes in a cgroup and below it, each once. */
export async function cgroupProcesses(cgroup: string): Promise<number[]> {
  const found = new Set<number>();
  for (const hierarchy of hierarchies()) {
    for (const folder of await foldersBelow(path.join(hierarchy, cgroup))) {
      const text = await readFile(path.join(folder, "cgroup.procs"), "utf8").catch(() => "");
      for (const line of text.split("\n").filter((l) => l !== "")) found.add(Number(line));
    }
  }
  return [...found];
}

/** How long the kernel may take to let go of processes that were killed. */
const REMOVE_TIMEOUT_MS = 10_000;
const REMOVE_RETRY_MS = 20;

/**
 * Removes a cgroup and those below it, and kills what is still in them. What is not there is no error.
 *
 * @throws when something in it does not end.
 */
export async function removeCgroup(cgroup: string): Promise<void> {
  const deadline = performance.now() + REMOVE_TIMEOUT_MS;
  while (!(await tryToRemove(cgroup))) {
    const left = await killAll(cgroup);
    if (performance.now() > deadline) {
      throw new Error(`Cannot remove the cgroup ${cgroup}: processes ${left.join(", ") || "unknown"} are still in it`);
    }
    await new Promise((resolve) => setTimeout(resolve, REMOVE_RETRY_MS));
  }
}

async function killAll(cgroup: string): Promise<readonly number[]> {
  await thaw(cgroup);
  const processes = await cgroupProcesses(cgroup);
  for (const pid of processes.filter((p) => p > 0)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
  return processes;
}

/** A process in a frozen cgroup, in which a killed runtime may leave it, does not even die. */
async function thaw(cgroup: string): Promise<void> {
  for (const hierarchy of hierarchies()) {
    for (const folder of await foldersBelow(path.join(hierarchy, cgroup))) {
      for (const [file, value] of [
        ["freezer.state", "THAWED"],
        ["cgroup.freeze", "0"],
      ] as const) {
        // Each hierarchy has one of the files or none.
        await writeFile(path.join(folder, file), value, { flag: "r+" }).catch(() => {});
      }
    }
  }
}

/** Removes a cgroup unless another one is still in it. */
export async function removeCgroupIfEmpty(cgroup: string): Promise<void> {
  for (const hierarchy of hierarchies()) {
    const folder = path.join(hierarchy, cgroup);
    if ((await foldersBelow(folder)).length === 1) await removeFolder(folder);
  }
}

/** Whether nothing of it is left. */
async function tryToRemove(cgroup: string): Promise<boolean> {
  let allGone = true;
  for (const hierarchy of hierarchies()) {
    for (const folder of (await foldersBelow(path.join(hierarchy, cgroup))).reverse()) {
      allGone = (await removeFolder(folder)) && allGone;
    }
  }
  return allGone;
}

/** Answers false while something is in it. */
async function removeFolder(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return true;
    if (code === "EBUSY" || code === "ENOTEMPTY") return false;
    throw error;
  }
}

/** The folder and all below it, parents first; none when it does not exist. */
async function foldersBelow(folder: string): Promise<string[]> {
  let entries: import("node:fs").Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const below = entries.filter((e) => e.isDirectory()).map((e) => foldersBelow(path.join(folder, e.name)));
  return [folder, ...(await Promise.all(below)).flat()];
}
