import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { CommandContext } from "../define-command.ts";
import type { Check, CheckCommand } from "./plan.ts";

/** A command that did not exit with 0, or was not run after Ctrl-C. */
export interface Failure {
  readonly label: string;
  /** What it printed, where other blocks may have been printed since. */
  readonly printed?: string;
}

/** Runs the commands of a check in `cwd` and resolves to those that failed. */
export async function runCheck(check: Check, cwd: string, context: CommandContext): Promise<Failure[]> {
  const commands = check.commands.values();
  const run = check.jobs > 1 && check.commands.length > 1 ? runAsBlock : runDirectly;
  const failed: Failure[] = [];
  const work = async () => {
    for (const command of commands) {
      const failure = context.signal.aborted ? { label: command.label } : await run(command, cwd, context);
      if (failure !== undefined) failed.push(failure);
    }
  };
  await Promise.all(Array.from({ length: check.jobs }, work));
  return failed;
}

/** Prints while the program runs. */
async function runDirectly({ label, words }: CheckCommand, cwd: string, context: CommandContext) {
  const [program, ...args] = words;
  const child = spawn(program, args, options(cwd, context, "inherit"));
  const [code] = (await once(child, "exit")) as [number | null];
  return code === 0 ? undefined : { label };
}

/** Prints when the program has ended, so that programs which run at the same time do not mix their lines. */
async function runAsBlock({ label, words }: CheckCommand, cwd: string, context: CommandContext) {
  const startedMs = performance.now();
  const child = spawn("sh", ["-c", 'exec "$@" 2>&1', "sh", ...words], options(cwd, context, "pipe"));
  const output = child.stdout === null ? Promise.resolve("") : text(child.stdout);
  const [[code], printed] = (await Promise.all([once(child, "exit"), output])) as [[number | null], string];
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  context.write(`\n## ${label}: ${code === 0 ? "passed" : "failed"} in ${seconds} s\n${printed}`);
  return code === 0 ? undefined : { label, printed };
}

function options(cwd: string, { env, signal }: CommandContext, out: "inherit" | "pipe"): SpawnOptions {
  return { cwd, stdio: ["ignore", out, "inherit"], env, signal };
}
