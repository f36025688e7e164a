import type { NftShell } from "../../lib/nft-shell.ts";
import { NftError } from "../../lib/nft-shell.ts";
import type { Survey } from "../ruleset/diff.ts";
import type { Family } from "../ruleset/ruleset.ts";
import { parseSurvey } from "./survey.ts";
import { TABLE } from "./text.ts";

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
