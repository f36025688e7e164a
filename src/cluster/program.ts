import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** How this program is started again, as another process. */
export interface Program {
  /** The folder that holds everything the program needs: sources or bundle, packages, Node. */
  readonly root: string;
  readonly node: string;
  /** Arguments in front of a command's name. */
  readonly args: readonly string[];
}

/** Finds this program's own files: a bundle runs as a bundle, sources run as sources. */
export function ownProgram(): Program {
  const root = packageRoot(import.meta.dirname);
  const script = import.meta.filename.endsWith(".ts") ? "src/cli/main.ts" : path.join(BUNDLE_FOLDER, "cli/main.js");
  return { root, node: process.execPath, args: [path.join(root, script)] };
}

/** Where the launcher keeps the bundle, below the root. */
export const BUNDLE_FOLDER = ".cache/bundle";

/** Where a file with an entry of its own is in the bundle; undefined where sources run. */
export function bundledFile(file: string): URL | undefined {
  if (import.meta.filename.endsWith(".ts")) return undefined;
  return pathToFileURL(path.join(packageRoot(import.meta.dirname), BUNDLE_FOLDER, file));
}

function packageRoot(folder: string): string {
  if (existsSync(path.join(folder, "package-lock.json"))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error("Cannot find the program's own package-lock.json");
  return packageRoot(parent);
}
