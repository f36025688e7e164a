import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";

const CGROUP_ROOT = "/sys/fs/cgroup";

/**
 * The folders in which a cgroup path lives: one on cgroup v2, one for each controller on v1, and on a hybrid system
 * also the v2 tree beside them, in which runc makes its cgroups too.
 */
async function hierarchies(): Promise<string[]> {
  const mounts = await readFile("/proc/self/mounts", "utf8");
  const fields = mounts.split("\n").map((line) => line.split(" "));
  return fields.flatMap(([, mountPoint = "", type]) =>
    (type === "cgroup" || type === "cgroup2") && mountPoint.startsWith(CGROUP_ROOT) ? [mountPoint] : [],
  );
}

/** Whether the machine has the one unified hierarchy. */
export async function isCgroupV2(): Promise<boolean> {
  const mounts = await readFile("/proc/self/mounts", "utf8");
  return mounts.split("\n").some((line) => line.split(" ")[1] === CGROUP_ROOT && line.split(" ")[2] === "cgroup2");
}

/**
 * Makes a cgroup, given as a path below the root such as `/fairlead/NAME/NODE`.
 *
 * On v2 every controller of the parent is handed down, so that limits work below it.
 */
export async function makeCgroup(cgroup: string): Promise<void> {
  const isV2 = await isCgroupV2();
  for (const hierarchy of await hierarchies()) {
    let folder = hierarchy;
    for (const part of cgroup.split("/").filter((p) => p !== "")) {
      if (isV2) await handControllersDown(folder);
      folder = path.join(folder, part);
      await mkdir(folder, { recursive: true });
      await inheritCpuset(folder);
    }
  }
}

async function handControllersDown(folder: string): Promise<void> {
  const controllers = await readFile(path.join(folder, "cgroup.controllers"), "utf8").catch(() => "");
  for (const controller of controllers.split(/\s+/).filter((c) => c !== "")) {
    // A controller that cannot be handed down (a v1 hierarchy holds it) is one that pods do without.
    await writeFile(path.join(folder, "cgroup.subtree_control"), `+${controller}`).catch(() => {});
  }
}

/** A v1 cpuset starts empty, and nothing can be put into it until it has processors and memory nodes. */
async function inheritCpuset(folder: string): Promise<void> {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const own = await readFile(path.join(folder, file), "utf8").catch(() => undefined);
    if (own === undefined || own.trim() !== "") continue;
    const parents = await readFile(path.join(folder, "..", file), "utf8").catch(() => "");
    if (parents.trim() !== "") await writeFile(path.join(folder, file), parents);
  }
}

/** The `cgroup.procs` files to write a process's number into. */
export async function cgroupProcsFiles(cgroup: string): Promise<string[]> {
  return (await hierarchies()).map((hierarchy) => path.join(hierarchy, cgroup, "cgroup.procs"));
}

/** The processes in a cgroup and below it, each once. */
export async function cgroupProcesses(cgroup: string): Promise<number[]> {
  const found = new Set<number>();
  for (const hierarchy of await hierarchies()) {
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
  for (const hierarchy of await hierarchies()) {
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
  for (const hierarchy of await hierarchies()) {
    const folder = path.join(hierarchy, cgroup);
    if ((await foldersBelow(folder)).length === 1) await removeFolder(folder);
  }
}

/** Whether nothing of it is left. */
async function tryToRemove(cgroup: string): Promise<boolean> {
  let allGone = true;
  for (const hierarchy of await hierarchies()) {
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
