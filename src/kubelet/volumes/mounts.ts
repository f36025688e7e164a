import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Mounts a memory file system whose folder has the kernel's own default mode, 1777. Throws with mount's own words. */
export async function mountTmpfs(target: string, sizeBytes: number | undefined): Promise<void> {
  const options = sizeBytes === undefined ? "mode=1777" : `mode=1777,size=${sizeBytes}`;
  await run("mount", ["-t", "tmpfs", "-o", options, "tmpfs", target]);
}

/** Unmounts what is mounted there. Throws with umount's own words. */
export async function unmount(target: string): Promise<void> {
  await run("umount", [target]);
}

/** Everything mounted at or below the folder, innermost first. */
export async function mountsBelow(folder: string): Promise<readonly string[]> {
  return parseMountInfo(await readFile("/proc/self/mountinfo", "utf8"))
    .filter((target) => target === folder || target.startsWith(`${folder}/`))
    .toReversed();
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
