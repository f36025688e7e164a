import type { NftShell } from "../lib/nft-shell.ts";
import { NftError } from "../lib/nft-shell.ts";
import type { ClusterView, Family } from "./cluster-view.ts";
import { masqueradeCommands, TABLE } from "./masquerade.ts";

/** Writes the masquerading rules, and skips what the kernel has already. */
export interface MasqueradeWriter {
  apply(view: ClusterView): Promise<void>;
}

/** Number of looks after which the table is written although it seems unchanged: elements of its sets are not compared. */
const LOOKS_MAX = 10;

interface Written {
  readonly commands: string;
  /** The kernel's list of the table after the write. It has handles, which a table that was created again does not share. */
  readonly listed: string | undefined;
  looks: number;
}

export function createMasqueradeWriter(nft: Pick<NftShell, "run" | "list">): MasqueradeWriter {
  const all = new Map<Family, Written>();

  async function list(family: Family): Promise<string | undefined> {
    return await nft.list(`list table ${family} ${TABLE}`).catch((error: unknown) => {
      if (error instanceof NftError) return undefined;
      throw error;
    });
  }

  return {
    async apply(view) {
      const commands = masqueradeCommands(view);
      const text = commands.join("\n");
      const written = all.get(view.family);
      if (written?.commands === text && written.listed !== undefined && written.looks < LOOKS_MAX) {
        written.looks += 1;
        if ((await list(view.family)) === written.listed) return;
      }
      await nft.run(commands);
      all.set(view.family, { commands: text, listed: await list(view.family), looks: 0 });
    },
  };
}
