import { availableParallelism } from "node:os";
import { prepareMachine } from "@fairlead/cluster/preflight/prepare-machine";
import { ownProgram } from "@fairlead/cluster/program";
import { failureSummary } from "../checks/failure-summary.ts";
import { allTestFiles, namedTestFile } from "../checks/find-test-files.ts";
import { isLabFile, planChecks } from "../checks/plan.ts";
import { type Failure, runCheck } from "../checks/run-check.ts";
import { defineCommand, UsageError } from "../define-command.ts";

/** `fairlead test`: every check of the project, or single test files. */
export const testCommand = defineCommand({
  name: "test",
  summary: "Run every test of Fairlead itself",
  description: [
    "Types, lint, the fast tests (no root, loopback only) and the lab: whole clusters in a network namespace without a way out.",
    "Test files that are named run at once, without types and lint. Those below test/lab need root.",
  ],
  positionals: ["[FILE...]"],
  positionalSources: ["files"],
  flags: {
    fast: { type: "boolean", help: "Leave the lab out" },
    lab: { type: "boolean", help: "Run only the lab" },
  },
  examples: [
    "fairlead test",
    "fairlead test --fast",
    "fairlead test src/dns/answer.test.ts",
    "fairlead test test/lab/quote.test.ts",
  ],

  async run({ flags, positionals }, context) {
    if (flags.fast && flags.lab) throw new UsageError("Cannot use --fast with --lab: no test is left");
    const { root, node } = ownProgram();
    const named = positionals.map((name) => namedTestFile(name, { root, cwd: process.cwd() }));
    const left = named.find((file) => (isLabFile(file) ? flags.fast : flags.lab));
    if (left !== undefined) throw new UsageError(`Cannot run "${left}" with ${flags.fast ? "--fast" : "--lab"}`);
    const machine = { node, arch: process.arch, processors: availableParallelism() };
    const checks = planChecks({ ...machine, ...flags, named, testFiles: allTestFiles(root) });
    if (checks.some(({ name }) => name === "Lab tests")) {
      await prepareMachine({ command: "test", install: true, report: context.err });
    }
    const failed: Failure[] = [];
    for (const check of checks) {
      context.err(`\n# ${check.name}`);
      const failures = await runCheck(check, root, context);
      failed.push(...failures.map((failure) => ({ ...failure, label: `${check.name}: ${failure.label}` })));
    }
    context.err(failed.length === 0 ? "\nAll checks passed" : failureSummary(failed));
    return failed.length === 0 ? 0 : 1;
  },
});
