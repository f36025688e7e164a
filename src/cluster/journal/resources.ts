import { readFile, rm, rmdir } from "node:fs/promises";
import type { ProcessIdentity } from "@fairlead/lib/process-identity";
import { endProcess, signalProcess, waitForEnd } from "@fairlead/lib/process-identity";
import { CommandError, runCommand } from "@fairlead/lib/run-command";
import { removeCgroup } from "../machines/cgroup.ts";

/** Something that a cluster makes on the machine and takes away again. */
export type Resource =
  | ({ readonly type: "process"; readonly role: string } & ProcessIdentity)
  /** The first process of a machine: everything in the machine ends with it. */
  | ({ readonly type: "machine"; readonly node: string } & ProcessIdentity)
  | { readonly type: "netns"; readonly name: string }
  | { readonly type: "link"; readonly name: string }
  | { readonly type: "unreachableRoute"; readonly cidr: string; readonly metric: number }
  /** Below every controller's mount, `/fairlead/NAME`. */
  | { readonly type: "cgroup"; readonly path: string }
  | { readonly type: "folder"; readonly path: string };

/** How long a process gets to end by itself. */
const PROCESS_GRACE_MS = 10_000;

/** Takes one resource away. What is not there any more is no error. */
export async function removeResource(resource: Resource): Promise<void> {
  switch (resource.type) {
    case "process":
      return await endProcess(resource, PROCESS_GRACE_MS);
    case "machine":
      return await endMachine(resource);
    case "netns":
      return await ignoreAbsent(runCommand("ip", ["netns", "delete", resource.name]));
    case "link":
      return await ignoreAbsent(runCommand("ip", ["link", "delete", resource.name]));
    case "unreachableRoute":
      return await ignoreAbsent(
        runCommand("ip", ["route", "delete", "unreachable", resource.cidr, "metric", String(resource.metric)]),
      );
    case "cgroup":
      return await removeCgroup(resource.path);
    case "folder":
      return await removeFolder(resource.path);
  }
}

/** A machine's first process ignores what it has no handler for; killing it ends every process of its PID namespace. */
async function endMachine(machine: ProcessIdentity): Promise<void> {
  if (await signalProcess(machine, "SIGKILL")) await waitForEnd(machine, 10_000);
}

/** Unmounts what is still mounted below the folder first: deleting must never reach through a mount. */
async function removeFolder(folder: string): Promise<void> {
  for (const mountPoint of (await mountPointsBelow(folder)).reverse())
    await runCommand("umount", ["--lazy", mountPoint]);
  await rm(folder, { recursive: true, force: true });
}

async function mountPointsBelow(folder: string): Promise<string[]> {
  const mounts = await readFile("/proc/self/mounts", "utf8");
  return mounts
    .split("\n")
    .map((line) =>
      (line.split(" ")[1] ?? "").replaceAll(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
    )
    .filter((mountPoint) => mountPoint === folder || mountPoint.startsWith(`${folder}/`));
}

/** Removes a folder only when nothing is in it. */
export async function removeEmptyFolder(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTEMPTY") throw error;
  }
}

/** `ip` says in words that a thing is not there, with the same exit code as for other errors. */
async function ignoreAbsent(command: Promise<unknown>): Promise<void> {
  try {
    await command;
  } catch (error) {
    const absent = /No such file or directory|Cannot find device|No such process/;
    if (!(error instanceof CommandError) || !absent.test(error.stderr)) throw error;
  }
}
