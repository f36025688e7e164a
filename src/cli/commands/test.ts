import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { prepareMachine } from "../../cluster/preflight/prepare-machine.ts";
import { ownProgram } from "../../cluster/program.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";

/** One part of the test run: a program that exits 0 when all is well. */
interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** `fairlead test`: every check of the project. */
export const testCommand = defineCommand({
  name: "test",
  summary: "Run every test of Fairlead itself",
  description: [
    "Types, lint, the fast tests (no root, loopback only) and the lab: whole clusters in a network namespace without a way out.",
  ],
  positionals: ["[FILE...]"],
  positionalSources: ["files"],
  flags: {
    fast: { type: "boolean", help: "Leave the lab out" },
    lab: { type: "boolean", help: "Run only the lab" },
  },
  examples: ["fairlead test", "fairlead test --fast", "fairlead test --lab test/lab/quote.test.ts"],

  async run({ flags, positionals }, context) {
    const { root, node } = ownProgram();
    const checks = [
      ...(flags.lab ? [] : fastChecks(node, positionals)),
      ...(flags.fast ? [] : [labCheck(node, positionals)]),
    ];
    if (!flags.fast) await prepareMachine({ command: "test", install: true, report: context.err });
    const failed: string[] = [];
    for (const check of checks) {
      context.err(`\n# ${check.name}`);
      if ((await exitCode(check, root, context)) !== 0) failed.push(check.name);
    }
    context.err(failed.length === 0 ? "\nAll checks passed" : `\nFailed: ${failed.join(", ")}`);
    return failed.length === 0 ? 0 : 1;
  },
});

function fastChecks(node: string, files: readonly string[]): Check[] {
  const tests =
    files.length > 0
      ? files
      : [
          "src/**/*.test.ts",
          "test/*.test.ts",
          "test/streaming/*.test.ts",
          "test/escapes/*.test.ts",
          "test/crash/*.test.ts",
          "test/tutorials/*.test.ts",
        ];
  return [
    { name: "Types", command: ["node_modules/.bin/tsc", "--noEmit"] },
    {
      name: "Lint and format",
      command: [`node_modules/@biomejs/cli-linux-${process.arch}/biome`, "check", "--error-on-warnings", "."],
    },
    { name: "Fast tests", command: [node, "--test", ...tests] },
  ];
}

/** Most lab files that run at once: each may have three nodes of some 150 MB. */
const LABS_MAX = 4;

/**
 * Each file makes its own lab: namespaces with no way out, and what was started in it ends with it. So files run beside
 * each other, one for each processor: much of their time is spent waiting for probes and grace periods.
 */
function labCheck(node: string, files: readonly string[]): Check {
  const tests = files.length > 0 ? files : ["test/lab/**/*.test.ts"];
  const concurrency = Math.min(LABS_MAX, availableParallelism());
  return { name: "Lab tests", command: [node, "--test", `--test-concurrency=${concurrency}`, ...tests] };
}

async function exitCode(check: Check, cwd: string, context: CommandContext): Promise<number> {
  const [program, ...args] = check.command;
  const child = spawn(program, args, {
    cwd,
    stdio: ["ignore", "inherit", "inherit"],
    env: context.env,
    signal: context.signal,
  });
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 1;
}
