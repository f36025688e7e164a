import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Runs a module's text in a process that has `starve` and `feed`: between them it can open few files, too few for a program
 * with pipes.
 *
 * @returns What it prints. Rejects when it ends with an error, an uncaught one included.
 */
export async function runStarved(text: string): Promise<string> {
  const program = `${STARVE}\n${text}`;
  const { stdout } = await promisify(execFile)(
    "sh",
    ["-c", 'ulimit -n 64; exec "$0" --input-type=module -e "$1"', process.execPath, program],
    { timeout: 30_000 },
  );
  return stdout;
}

/** `starve(left)` leaves so many descriptors; a child with three pipes takes eight. */
const STARVE = `
import { closeSync, openSync } from "node:fs";
const taken = [];
function starve(left) {
  try {
    for (;;) taken.push(openSync("/dev/null"));
  } catch {}
  for (let i = 0; i < left; i++) closeSync(taken.pop());
}
function feed() {
  for (const fd of taken.splice(0)) closeSync(fd);
}
`;
