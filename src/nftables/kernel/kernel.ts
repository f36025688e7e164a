import type { Survey } from "../changes/diff.ts";
import { listTable } from "../text/lists.ts";
import type { Table } from "../words/ruleset.ts";
import { NftError } from "./nft-error.ts";
import type { NftShell } from "./nft-shell.ts";
import { parseSurvey } from "./survey.ts";

/** The kernel's packet filter in the network namespace of this process. */
export interface Kernel {
  /**
   * Runs nft commands as one transaction.
   *
   * @throws {NftError} when it was refused; nothing has changed then.
   */
  run(commands: readonly string[]): Promise<void>;
  /** Returns the names in the table; nothing when the kernel has no such table. */
  survey(table: Table): Promise<Survey | undefined>;
}

/** The real kernel, by way of the `nft` program. */
export function nftKernel(nft: Pick<NftShell, "run" | "list">): Kernel {
  return {
    run: (commands) => nft.run(commands),
    async survey(table) {
      try {
        return parseSurvey(await nft.list(listTable(table)));
      } catch (error) {
        if (error instanceof NftError && error.message.includes("No such file or directory")) return undefined;
        throw error;
      }
    },
  };
}
