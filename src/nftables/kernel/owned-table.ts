import type { Logger } from "@fairlead/lib/log";
import type { Survey } from "../changes/diff.ts";
import { operationsFor, takeOver } from "../changes/diff.ts";
import { createLedger } from "../changes/ledger.ts";
import { addTable, commands, deleteTable } from "../text/commands.ts";
import type { NftObject, Table } from "../words/ruleset.ts";
import type { Kernel } from "./kernel.ts";
import { NftError } from "./nft-error.ts";

/** A table that one part of the program writes: its wanted contents, and the steps that bring the kernel there. */
export interface OwnedTable {
  readonly table: Table;
  /**
   * Replaces everything that `owner` wants in the table. An empty list removes the owner. Where owners want different
   * things under one name, the owner whose name sorts first gets it.
   */
  replace(owner: string, objects: readonly NftObject[]): void;
  /**
   * Writes the wanted contents if the kernel has no such table. An existing table is left unchanged until the first
   * {@link sync}, which takes it over.
   */
  prepare(): Promise<void>;
  /**
   * Brings the kernel up to date: by the difference, or, at first and after a failure, by replacing the whole in one
   * transaction.
   *
   * @returns the number of commands.
   * @throws {NftError} when the kernel refused; the next call replaces the whole.
   */
  sync(): Promise<number>;
  /** Whether the kernel still has every chain and set. If not, the next {@link sync} replaces the whole. */
  verify(): Promise<boolean>;
}

/** A cold start has nothing to interrupt: many transactions of so many commands load faster than one. */
const COLD_COMMANDS = 40;

export interface OwnedTableOptions {
  readonly table: Table;
  readonly kernel: Kernel;
  readonly log: Logger;
}

/** An empty table. Does not ask the kernel yet. */
export function createOwnedTable({ table, kernel, log }: OwnedTableOptions): OwnedTable {
  const ledger = createLedger();
  let state: "unknown" | "cold" | "in step" = "unknown";

  async function replaceAll(): Promise<number> {
    const found = await kernel.survey(table);
    const objects = ledger.objects();
    const fresh = [addTable(table), ...commands(takeOver(NOTHING, objects), table)];
    if (found === undefined) return run(fresh);
    try {
      return await run(commands(takeOver(found, objects), table));
    } catch (error) {
      // Made by another version: the same names, declared otherwise. Replaced whole, still in one transaction.
      if (!(error instanceof NftError)) throw error;
      log.warn("Cannot take over the table that is in the kernel: replacing it", { table, error });
      return run([...deleteTable(table), ...fresh]);
    }
  }

  async function run(lines: readonly string[], perTransaction = lines.length): Promise<number> {
    for (let at = 0; at < lines.length; at += perTransaction) await kernel.run(lines.slice(at, at + perTransaction));
    return lines.length;
  }

  return {
    table,
    replace: ledger.replace,

    async prepare() {
      if ((await kernel.survey(table)) !== undefined) return;
      await kernel.run([addTable(table), ...commands(operationsFor(ledger.takeChanges()), table)]);
      state = "cold";
    },

    async sync() {
      const before = state;
      const changes = ledger.takeChanges();
      state = "unknown";
      const count =
        before === "unknown"
          ? await replaceAll()
          : await run(commands(operationsFor(changes), table), before === "cold" ? COLD_COMMANDS : undefined);
      state = "in step";
      return count;
    },

    async verify() {
      const found = await kernel.survey(table);
      const names = new Set(
        found === undefined ? [] : [...found.chains, ...found.sets, ...found.maps, ...found.dynamicSets],
      );
      const whole =
        found !== undefined &&
        ledger.objects().every((object) => object.object === "element" || names.has(object.name));
      if (!whole) state = "unknown";
      return whole;
    },
  };
}

const NOTHING: Survey = { chains: [], sets: [], maps: [], dynamicSets: [] };
