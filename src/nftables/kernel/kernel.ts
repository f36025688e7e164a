import type { Survey } from "../changes/diff.ts";
import { TABLE } from "../text/commands.ts";
import type { Family } from "../words/ruleset.ts";
import type { NftShell } from "./nft-shell.ts";
import { NftError } from "./nft-shell.ts";
import { parseSurvey } from "./survey.ts";

/** The kernel's packet filter in the network namespace of this process. The only place in this part that talks to it. */
export interface Kernel {
  /**
   * Runs nft commands as one transaction.
   *
   * @throws {NftError} when it was refused; nothing has changed then.
   */
  run(commands: readonly string[]): Promise<void>;
  /** What our table of the family holds now; nothing when there is none. */
  survey(family: Family): Promise<Survey | undefined>;
}

/** The real kernel, by way of the `nft` program. */
export function nftKernel(nft: NftShell): Kernel {
  return {
    run: (commands) => nft.run(commands),
    async survey(family) {
      try {
        return parseSurvey(await nft.list(`list table ${family} ${TABLE}`));
      } catch (error) {
        if (error instanceof NftError && error.message.includes("No such file or directory")) return undefined;
        throw error;
      }
    },
  };
}
