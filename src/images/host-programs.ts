import { realpath } from "node:fs/promises";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { CommandError, runCommand } from "@fairlead/lib/run-command";
import type { LayerEntry } from "./layer.ts";

/** A program of this machine, and the names under which the image has it. */
export interface HostProgram {
  /** Absolute path on this machine. */
  readonly source: string;
  /** Absolute paths in the image. The first is the file, the others are links to it. */
  readonly paths: readonly [string, ...string[]];
}

/**
 * The programs with every shared library they need, at the paths where the dynamic loader looks for them.
 *
 * Asks `ldd`, so the programs must be this machine's own. A static program needs nothing more.
 *
 * @throws {ExpectedError} when a program or a library is missing.
 */
export async function hostPrograms(programs: readonly HostProgram[]): Promise<LayerEntry[]> {
  const libraries = await Promise.all(programs.map(({ source }) => sharedLibraries(source)));
  const unique = [...new Set(libraries.flat())].sort();
  return [
    ...programs.flatMap(programEntries),
    ...(await Promise.all(
      unique.map(async (library): Promise<LayerEntry> => {
        return { type: "file", path: library, source: await realpath(library) };
      }),
    )),
  ];
}

function programEntries({ source, paths: [file, ...links] }: HostProgram): LayerEntry[] {
  return [
    { type: "file", path: file, source, mode: 0o755 },
    ...links.map((link): LayerEntry => ({ type: "symlink", path: link, target: file })),
  ];
}

async function sharedLibraries(program: string): Promise<string[]> {
  try {
    return parseLdd(program, await runCommand("ldd", [program], { env: { ...process.env, LC_ALL: "C" } }));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // ldd exits 1 for a static program, and says so.
    const said = `${error.stdout}${error.stderr}`.trim();
    if (/not a dynamic executable|statically linked/.test(said)) return [];
    throw new ExpectedError(`Cannot copy ${program}: ${said}`, { cause: error });
  }
}

/**
 * The absolute paths of libraries in what `ldd` has printed: `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)`,
 * `/lib64/ld-linux… (0x…)`.
 *
 * @throws {ExpectedError} when a library is named that this machine does not have.
 */
export function parseLdd(program: string, output: string): string[] {
  return output.split("\n").flatMap((line) => {
    const missing = /^\s*(\S+) => not found/.exec(line)?.[1];
    if (missing !== undefined) {
      throw new ExpectedError(`Cannot copy ${program}: its library ${missing} is not on this machine`);
    }
    const found = /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1];
    return found === undefined ? [] : [found];
  });
}
