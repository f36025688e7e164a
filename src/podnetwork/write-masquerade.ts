import type { NftShell } from "../nftables/kernel/nft-shell.ts";
import { NftError } from "../nftables/kernel/nft-shell.ts";
import type { ClusterView, Family } from "./cluster-view.ts";
import { deleteTableCommands, elementUpdateCommands, masqueradeCommands, TABLE } from "./masquerade.ts";

/** Writes the masquerading rules, and skips what the kernel has already. */
export interface MasqueradeWriter {
  apply(view: ClusterView): Promise<void>;
}

/** Number of looks after which the elements are written although nothing seems changed: they are not compared. */
const LOOKS_MAX = 10;

interface Written {
  readonly elements: string;
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

  /**
   * Changes a table of ours in place: the kernel reports a deleted one to the service proxy and others, and they would verify
   * their rules.
   *
   * @returns what the kernel lists afterwards; elements are not listed.
   */
  async function write(view: ClusterView, found: string | undefined, written: Written | undefined) {
    if (found !== undefined && found === written?.listed) {
      await nft.run(elementUpdateCommands(view));
      return found;
    }
    const away = found === undefined ? [] : deleteTableCommands(view.family);
    await nft.run([...away, ...masqueradeCommands(view)]);
    return await list(view.family);
  }

  return {
    async apply(view) {
      const { family } = view;
      const elements = elementUpdateCommands(view).join("\n");
      const written = all.get(family);
      const found = await list(family);
      if (written !== undefined && written.elements === elements && written.looks < LOOKS_MAX) {
        written.looks += 1;
        if (found !== undefined && found === written.listed) return;
      }
      all.delete(family);
      const listed = await write(view, found, written);
      all.set(family, { elements, listed, looks: 0 });
    },
  };
}
