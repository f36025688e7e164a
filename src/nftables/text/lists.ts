import type { Table } from "../words/ruleset.ts";

/** Lists the chains, rules and sets of a table. */
export function listTable({ family, name }: Table): string {
  return `list table ${family} ${name}`;
}
