import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";

/**
 * Measures in a new folder, which it removes, and returns the exit code: 1 after an error, which it prints.
 *
 * @param measure - Its second argument rejects on Ctrl-C and SIGTERM.
 */
export async function inOwnFolder(
  prefix: { readonly parent: string; readonly name: string },
  measure: (folder: string, interrupted: Promise<never>) => Promise<void>,
): Promise<number> {
  const folder = await mkdtemp(path.join(prefix.parent, prefix.name));
  const interrupted = new Promise<never>((_resolve, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => reject(new Error(`Ended by ${signal}`)));
  });
  try {
    await measure(folder, interrupted);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    return 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
