import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { CommandContext } from "../define-command.ts";
import type { Check } from "./plan.ts";

/** Runs the commands of a check in `cwd` and resolves to whether all of them exited with 0. */
export async function runCheck(check: Check, cwd: string, context: CommandContext): Promise<boolean> {
  const commands = check.commands.values();
  const print = check.jobs > 1 && check.commands.length > 1 ? runAsBlock : runDirectly;
  let passed = true;
  const work = async () => {
    for (const command of commands) {
      if (context.signal.aborted || !(await print(command, cwd, context))) passed = false;
    }
  };
  await Promise.all(Array.from({ length: check.jobs }, work));
  return passed;
}

/** Prints while the program runs. */
async function runDirectly([program, ...args]: readonly [string, ...string[]], cwd: string, context: CommandContext) {
  const child = spawn(program, args, options(cwd, context, "inherit"));
  const [code] = (await once(child, "exit")) as [number | null];
  return code === 0;
}

/** Prints when the program has ended, so that programs which run at the same time do not mix their lines. */
async function runAsBlock([program, ...args]: readonly [string, ...string[]], cwd: string, context: CommandContext) {
  const startedMs = performance.now();
  const child = spawn("sh", ["-c", 'exec "$@" 2>&1', "sh", program, ...args], options(cwd, context, "pipe"));
  const output = child.stdout === null ? Promise.resolve("") : text(child.stdout);
  const [[code], printed] = (await Promise.all([once(child, "exit"), output])) as [[number | null], string];
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  context.write(`\n## ${args.at(-1)}: ${code === 0 ? "passed" : "failed"} in ${seconds} s\n${printed}`);
  return code === 0;
}

function options(cwd: string, { env, signal }: CommandContext, out: "inherit" | "pipe"): SpawnOptions {
  return { cwd, stdio: ["ignore", out, "inherit"], env, signal };
}
