import assert from "node:assert/strict";
import path from "node:path";
import type { Lab } from "../lab.testing.ts";

const fairlead = path.resolve(import.meta.dirname, "../../../fairlead");

interface MachineStatus {
  readonly name: string;
  readonly pid: number;
  readonly programs: readonly { readonly name: string; readonly pid: number }[];
}

/**
 * The process of a machine, or of one of its programs, as the lab numbers it.
 *
 * @param what - `fairlead-2` for the machine's first process, `fairlead-2/node` for a program.
 */
export async function pidOf(lab: Lab, what: string): Promise<number> {
  // Says so, too, when something does not run.
  const { stdout } = await lab.run(fairlead, ["status", "-o", "json"]);
  const { supervisor } = JSON.parse(stdout) as { supervisor: { machines: MachineStatus[] } };
  const all = supervisor.machines.flatMap(({ name, pid, programs }) => [{ name, pid }, ...programs]);
  const found = all.find(({ name }) => name === what);
  assert.ok(found?.pid !== undefined, `${what} does not run`);
  return found.pid;
}

/** What a shell prints that runs on a machine, in all of its namespaces. */
export async function onMachine(lab: Lab, machine: string, script: string): Promise<string> {
  const enter = ["--target", String(await pidOf(lab, machine)), "--mount", "--net", "--uts", "--pid"];
  const { exitCode, stdout, stderr } = await lab.run("nsenter", [...enter, "sh", "-c", script]);
  assert.equal(exitCode, 0, stderr);
  return stdout;
}
