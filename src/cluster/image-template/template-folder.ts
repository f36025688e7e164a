import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import path from "node:path";

/** Start of the names of all template folders. */
export const TEMPLATE_PREFIX = "containerd-";

/** A file, and what changes when its content does. */
export interface FileVersion {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** What a template is made of. */
export interface TemplateSources {
  /** The containerd program that made it, and reads it. */
  readonly containerd: FileVersion;
  /** Archives of the images in it. */
  readonly archives: readonly FileVersion[];
}

/** Returns the name of a template's folder. It differs whenever a source does. */
export function templateName({ containerd, archives }: TemplateSources): string {
  const versions = [containerd, ...archives].map(({ path: file, size, mtimeMs }) => [file, size, mtimeMs]);
  const digest = createHash("sha256").update(JSON.stringify(versions)).digest("hex");
  return `${TEMPLATE_PREFIX}${digest.slice(0, 16)}`;
}

/**
 * Returns the path of the template for these archives and this machine's containerd, whether or not it exists. Runs no program.
 *
 * @param searchPath - Where containerd is looked for. Default: `PATH`.
 * @returns undefined when an archive or containerd does not exist.
 */
export async function templateFolder(
  cacheFolder: string,
  archives: readonly string[],
  searchPath = process.env.PATH ?? "",
): Promise<string | undefined> {
  const [containerd, ...versions] = await Promise.all([
    findProgram("containerd", searchPath),
    ...archives.map(version),
  ]);
  const there = versions.filter((found) => found !== undefined);
  if (containerd === undefined || there.length < archives.length) return undefined;
  return path.join(cacheFolder, templateName({ containerd, archives: there }));
}

async function findProgram(name: string, searchPath: string): Promise<FileVersion | undefined> {
  for (const folder of searchPath.split(":").filter((entry) => entry !== "")) {
    const found = await version(path.join(folder, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Of what a link points to; undefined when there is no such file. */
async function version(file: string): Promise<FileVersion | undefined> {
  const info = await stat(file).catch(() => undefined);
  return info?.isFile() ? { path: file, size: info.size, mtimeMs: info.mtimeMs } : undefined;
}
