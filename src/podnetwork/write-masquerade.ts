import type { Operation } from "@fairlead/nftables/changes/diff";
import { operationsFor } from "@fairlead/nftables/changes/diff";
import { NftError } from "@fairlead/nftables/kernel/nft-error";
import type { NftShell } from "@fairlead/nftables/kernel/nft-shell";
import { addTable, commands, deleteTable } from "@fairlead/nftables/text/commands";
import { listTable } from "@fairlead/nftables/text/lists";
import type { Family } from "@fairlead/nftables/words/ruleset";
import type { ClusterView } from "./cluster-view.ts";
import { masqueradeElements, masqueradeRuleset, masqueradeSets, masqueradeTable } from "./masquerade.ts";

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
    return await nft.list(listTable(masqueradeTable(family))).catch((error: unknown) => {
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
      await nft.run(updateCommands(view));
      return found;
    }
    const away = found === undefined ? [] : deleteTable(masqueradeTable(view.family));
    await nft.run([...away, ...makeCommands(view)]);
    return await list(view.family);
  }

  return {
    async apply(view) {
      const { family } = view;
      const elements = updateCommands(view).join("\n");
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

/** There must be no table yet. */
function makeCommands(view: ClusterView): readonly string[] {
  const table = masqueradeTable(view.family);
  const operations = operationsFor(masqueradeRuleset(view).map((after) => ({ before: undefined, after })));
  return [addTable(table), ...commands(operations, table)];
}

/** The same for a table that was made by {@link makeCommands}: only its elements change. */
function updateCommands(view: ClusterView): readonly string[] {
  const operations: readonly Operation[] = [
    ...masqueradeSets.map((object): Operation => ({ verb: "flush", object })),
    ...masqueradeElements(view).map((object): Operation => ({ verb: "add", object })),
  ];
  return commands(operations, masqueradeTable(view.family));
}
