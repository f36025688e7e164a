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

/** Removes a cgroup and those below it. They must be empty of processes; what is not there is no error. */
export async function removeCgroup(cgroup: string): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    for (const folder of (await foldersBelow(path.join(hierarchy, cgroup))).reverse()) await removeFolder(folder);
  }
}

/** Removes a cgroup unless another one is still in it. */
export async function removeCgroupIfEmpty(cgroup: string): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    if ((await foldersBelow(path.join(hierarchy, cgroup))).length === 1)
      await removeFolder(path.join(hierarchy, cgroup));
  }
}

const BUSY_RETRIES_MAX = 50;

/** The kernel takes a moment to let go of processes that have just ended. */
async function removeFolder(folder: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rmdir(folder);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return;
      if (code !== "EBUSY" || attempt === BUSY_RETRIES_MAX) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
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
