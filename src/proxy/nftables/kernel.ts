import { CommandError, runCommand } from "../../lib/run-command.ts";
import type { Survey } from "../ruleset/diff.ts";
import type { Family } from "../ruleset/ruleset.ts";
import { createNftShell, errorsIn, NftError } from "./nft-shell.ts";
import { parseSurvey } from "./survey.ts";
import { TABLE } from "./text.ts";

/** The kernel's packet filter in the network namespace of this process. The only place that talks to it. */
export interface Kernel {
  /**
   * Runs nft commands as one transaction.
   *
   * @throws {NftError} when it was refused; nothing has changed then.
   */
  run(commands: readonly string[]): Promise<void>;
  /** What our table of the family holds now; nothing when there is none. */
  survey(family: Family): Promise<Survey | undefined>;
  close(): Promise<void>;
}

/** Up to here a change goes to the nft that is already running; more than that it reads faster from a file. */
const SHELL_TEXT_MAX_BYTES = 64 * 1024;

/** The real kernel, by way of the `nft` program. */
export function nftKernel(): Kernel {
  const shell = createNftShell();
  return {
    async run(commands) {
      const textBytes = commands.reduce((sum, command) => sum + command.length + 2, 0);
      if (textBytes <= SHELL_TEXT_MAX_BYTES) return shell.run(commands);
      await runCommand("nft", ["-f", "-"], { input: `${commands.join("\n")}\n` }).catch((cause: unknown) => {
        throw new NftError(
          `nft refused ${commands.length} commands: ${cause instanceof CommandError ? errorsIn(cause.stderr) : String(cause)}`,
          { cause },
        );
      });
    },

    async survey(family) {
      try {
        return parseSurvey(await runCommand("nft", ["-t", "-j", "list", "table", family, TABLE]));
      } catch (error) {
        if (error instanceof CommandError && error.stderr.includes("No such file or directory")) return undefined;
        throw error;
      }
    },

    close: () => shell.close(),
  };
}
