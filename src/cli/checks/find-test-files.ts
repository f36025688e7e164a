import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../define-command.ts";

/** Folders with tests, below the root. */
const FOLDERS = ["src", "test"];

/** Returns every test file below `root`, relative to it and sorted. */
export function allTestFiles(root: string): string[] {
  const found = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => path.join(folder, file)),
  );
  return found.filter(isTest).sort();
}

/**
 * Returns the path of a test file relative to `root`.
 *
 * @param name - As typed: relative to `cwd`, or absolute.
 * @throws {UsageError} where it is no test file of this project.
 */
export function namedTestFile(name: string, { root, cwd }: { root: string; cwd: string }): string {
  const at = path.resolve(cwd, name);
  if (!existsSync(at)) throw new UsageError(`Cannot run the tests of "${name}": there is no such file`);
  if (statSync(at).isDirectory())
    throw new UsageError(`Cannot run the tests of "${name}": it is a folder, name its files`);
  const file = path.relative(root, at);
  if (!isTest(file) || !FOLDERS.includes(file.split(path.sep)[0] ?? "")) {
    throw new UsageError(`Cannot run the tests of "${name}": tests are named *.test.ts, below src or test of ${root}`);
  }
  return file;
}

function isTest(file: string): boolean {
  return file.endsWith(".test.ts");
}
