import type { Logger } from "../lib/log.ts";
import type { Survey } from "../nftables/changes/diff.ts";
import { operationsFor, takeOver } from "../nftables/changes/diff.ts";
import { createLedger } from "../nftables/changes/ledger.ts";
import type { Kernel } from "../nftables/kernel/kernel.ts";
import { NftError } from "../nftables/kernel/nft-shell.ts";
import { addTable, commands, deleteTable } from "../nftables/text/commands.ts";
import type { Family } from "../nftables/words/ruleset.ts";
import type { BaseOptions } from "./ruleset/base-ruleset.ts";
import { baseRuleset } from "./ruleset/base-ruleset.ts";
import type { Slots } from "./ruleset/service-ruleset.ts";
import { serviceRuleset } from "./ruleset/service-ruleset.ts";
import type { PortMapping } from "./services/service-ports.ts";

/** Our table of one family: what it shall hold, and the way there. */
export interface ServiceTable {
  readonly family: Family;
  /**
   * Looks for the table that a run before this one left. Where there is none, makes one that refuses every Service
   * address, so that no packet for one leaves the node while the Services are still being read.
   */
  prepare(): Promise<void>;
  setBase(options: BaseOptions): void;
  /** Replaces everything of the Service; no mappings, and it is gone. */
  setService(key: string, mappings: readonly PortMapping[]): void;
  /**
   * Brings the kernel up to date: by the difference, or, after a failure, by replacing the whole in one transaction.
   *
   * @returns How many commands it took.
   * @throws {NftError} when the kernel refused; the next call replaces the whole.
   */
  sync(): Promise<number>;
  /** Whether the kernel still has every chain and set. If not, the next {@link sync} replaces the whole. */
  verify(): Promise<boolean>;
}

/** The owner of what no Service owns. Sorts before every Service's key. */
const BASE = "";

/** A cold start has nothing to interrupt: many transactions of so many commands load faster than one. */
const COLD_COMMANDS = 40;

export interface ServiceTableOptions {
  readonly family: Family;
  readonly kernel: Kernel;
  readonly log: Logger;
}

/** The table, not looked at yet: {@link ServiceTable.prepare} comes first. */
export function createServiceTable({ family, kernel, log }: ServiceTableOptions): ServiceTable {
  const ledger = createLedger();
  const slots = new Map<string, Slots>();
  let state: "unknown" | "cold" | "in step" = "unknown";

  async function replaceAll(): Promise<number> {
    const found = await kernel.survey(family);
    const objects = ledger.objects();
    const fresh = [addTable(family), ...commands(takeOver(NOTHING, objects), family)];
    if (found === undefined) return run(fresh);
    try {
      return await run(commands(takeOver(found, objects), family));
    } catch (error) {
      // Made by another version: the same names, declared otherwise. Replaced whole, still in one transaction.
      if (!(error instanceof NftError)) throw error;
      log.warn("Cannot take over the table of Services that is there: replacing it", { family, error });
      return run([...deleteTable(family), ...fresh]);
    }
  }

  async function run(lines: readonly string[], perTransaction = lines.length): Promise<number> {
    for (let at = 0; at < lines.length; at += perTransaction) await kernel.run(lines.slice(at, at + perTransaction));
    return lines.length;
  }

  return {
    family,

    async prepare() {
      if ((await kernel.survey(family)) !== undefined) return;
      await kernel.run([addTable(family), ...commands(operationsFor(ledger.takeChanges()), family)]);
      state = "cold";
    },

    setBase: (options) => ledger.replace(BASE, baseRuleset(options)),

    setService(key, mappings) {
      const ruleset = serviceRuleset(mappings, slots.get(key));
      if (ruleset.slots.size === 0) slots.delete(key);
      else slots.set(key, ruleset.slots);
      ledger.replace(key, ruleset.objects);
    },

    async sync() {
      const before = state;
      const changes = ledger.takeChanges();
      state = "unknown";
      const count =
        before === "unknown"
          ? await replaceAll()
          : await run(commands(operationsFor(changes), family), before === "cold" ? COLD_COMMANDS : undefined);
      state = "in step";
      return count;
    },

    async verify() {
      const found = await kernel.survey(family);
      const names = new Set(
        found === undefined ? [] : [...found.chains, ...found.sets, ...found.maps, ...found.dynamicSets],
      );
      const whole = ledger.objects().every((object) => object.object === "element" || names.has(object.name));
      if (!whole) state = "unknown";
      return whole;
    },
  };
}

const NOTHING: Survey = { chains: [], sets: [], maps: [], dynamicSets: [] };
