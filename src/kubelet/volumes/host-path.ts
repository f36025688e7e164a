import type { Stats } from "node:fs";
import { access, lstat, mkdir, stat, writeFile } from "node:fs/promises";
import type { HostPathVolumeSource } from "@fairlead/api/core/v1/pod/volume";
import { VolumeError } from "./volume-error.ts";

/** What must be there for each type, in upstream's words when it is not. */
const checks: Readonly<Record<string, { readonly is: (s: Stats) => boolean; readonly what: string }>> = {
  Directory: { is: (s) => s.isDirectory(), what: "a directory" },
  DirectoryOrCreate: { is: (s) => s.isDirectory(), what: "a directory" },
  File: { is: (s) => s.isFile(), what: "a file" },
  FileOrCreate: { is: (s) => s.isFile(), what: "a file" },
  Socket: { is: (s) => s.isSocket(), what: "a socket file" },
  CharDevice: { is: (s) => s.isCharacterDevice(), what: "a character device" },
  BlockDevice: { is: (s) => s.isBlockDevice(), what: "a block device" },
};

/** Checks, or makes, what a hostPath volume names. Throws {@link VolumeError} when it is something else. */
export async function prepareHostPath({ path, type }: HostPathVolumeSource): Promise<string> {
  if (type === "") return path;
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (!there && type === "DirectoryOrCreate") await mkdir(path, { recursive: true, mode: 0o755 });
  if (!there && type === "FileOrCreate") await createFile(path);

  const check = checks[type];
  if (check === undefined) throw new VolumeError(`hostPath type check failed: ${type} is an unknown type`);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !check.is(found))
    throw new VolumeError(`hostPath type check failed: ${path} is not ${check.what}`);
  return path;
}

/** The file's folder must be there already, as upstream has it. */
async function createFile(path: string): Promise<void> {
  try {
    await writeFile(path, "", { flag: "wx", mode: 0o644 });
  } catch (error) {
    if (await lstat(path).catch(() => undefined)) return;
    throw new VolumeError(`hostPath type check failed: ${path} cannot be created`, { cause: error });
  }
}
