import type { Logger } from "@fairlead/lib/log";
import type { Kernel } from "@fairlead/nftables/kernel/kernel";
import type { OwnedTable } from "@fairlead/nftables/kernel/owned-table";
import { createOwnedTable } from "@fairlead/nftables/kernel/owned-table";
import type { Family, Table } from "@fairlead/nftables/words/ruleset";
import type { BaseOptions } from "./ruleset/base-ruleset.ts";
import { baseRuleset } from "./ruleset/base-ruleset.ts";
import type { Slots } from "./ruleset/service-ruleset.ts";
import { serviceRuleset } from "./ruleset/service-ruleset.ts";
import type { PortMapping } from "./services/service-ports.ts";

/**
 * The proxy's table of one family.
 *
 * {@link OwnedTable.prepare} makes one that refuses every Service address where there is none, so that no packet for one
 * leaves the node while the Services are still being read.
 */
export interface ServiceTable extends Omit<OwnedTable, "table" | "replace"> {
  readonly family: Family;
  setBase(options: BaseOptions): void;
  /** Replaces everything of the Service; no mappings, and it is gone. */
  setService(key: string, mappings: readonly PortMapping[]): void;
}

/** The owner of what no Service owns. Sorts before every Service's key. */
const BASE = "";

export interface ServiceTableOptions {
  readonly family: Family;
  readonly kernel: Kernel;
  readonly log: Logger;
}

/** The proxy's table in a family. */
export function serviceTableOf(family: Family): Table {
  return { family, name: "fairlead-proxy" };
}

/** The table, not looked at yet: {@link ServiceTable.prepare} comes first. */
export function createServiceTable({ family, kernel, log }: ServiceTableOptions): ServiceTable {
  const owned = createOwnedTable({ table: serviceTableOf(family), kernel, log });
  const slots = new Map<string, Slots>();
  return {
    family,
    prepare: owned.prepare,
    sync: owned.sync,
    verify: owned.verify,

    setBase: (options) => owned.replace(BASE, baseRuleset(options)),

    setService(key, mappings) {
      const ruleset = serviceRuleset(mappings, slots.get(key));
      if (ruleset.slots.size === 0) slots.delete(key);
      else slots.set(key, ruleset.slots);
      owned.replace(key, ruleset.objects);
    },
  };
}
