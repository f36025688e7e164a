import { runCommand } from "@fairlead/lib/run-command";

/**
 * Runs many commands of `ip` in one process, in this one's network namespace. Stops at the first that fails.
 *
 * @throws {CommandError} with what `ip` says of it.
 */
export async function runIpBatch(commands: readonly string[]): Promise<void> {
  await runCommand("ip", ["-batch", "-"], { input: `${commands.join("\n")}\n` });
}
