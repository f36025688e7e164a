import { execFile } from "node:child_process";
import { type FileHandle, readFile, realpath } from "node:fs/promises";
import { promisify } from "node:util";
import { ignoreAbsent } from "./ignore-absent.ts";

const run = promisify(execFile);

/** Mounts a memory file system whose folder has the kernel's own default mode, 1777. Throws with mount's own words. */
export async function mountTmpfs(target: string, sizeBytes: number | undefined): Promise<void> {
  const options = sizeBytes === undefined ? "mode=1777" : `mode=1777,size=${sizeBytes}`;
  await run("mount", ["-t", "tmpfs", "-o", options, "tmpfs", target]);
}

/**
 * Mounts the file or folder behind a descriptor of this process, without what is mounted below it, as upstream. Throws with
 * mount's own words.
 */
export async function bindMount({ fd }: FileHandle, target: string): Promise<void> {
  // By default mount resolves the link to a path, and looks that path up a second time.
  await run("mount", ["--no-canonicalize", "--bind", `/proc/${process.pid}/fd/${fd}`, target]);
}

/** Unmounts everything at or below the folder, and returns once nothing is mounted there. Throws with umount's own words. */
export async function unmountBelow(folder: string): Promise<void> {
  for (;;) {
    // Read again each time: where mounts are shared, one may have taken others along.
    const innermost = (await mountsBelow(folder)).at(-1);
    if (innermost === undefined) return;
    await run("umount", [innermost]);
  }
}

/** Whether something is mounted exactly there. */
export async function isMountPoint(target: string): Promise<boolean> {
  return (await mountsBelow(target)).includes(await realPath(target));
}

/** Everything mounted at or below the folder, in the order in which it was mounted. */
async function mountsBelow(folder: string): Promise<readonly string[]> {
  const real = await realPath(folder);
  return parseMountInfo(await readFile("/proc/self/mountinfo", "utf8")).filter(
    (target) => target === real || target.startsWith(`${real}/`),
  );
}

/** The kernel lists mounts by paths without links. */
async function realPath(folder: string): Promise<string> {
  return (await ignoreAbsent(realpath(folder))) ?? folder;
}

/** The mount points in `/proc/self/mountinfo`, in the order in which they were mounted. */
export function parseMountInfo(text: string): readonly string[] {
  return text
    .split("\n")
    .flatMap((line) => line.split(" ")[4] ?? [])
    .map((escaped) =>
      escaped.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    );
}
