import ipaddr from "ipaddr.js";
import type { Operation } from "../changes/diff.ts";
import type { Rule } from "../words/rule.ts";
import type { Chain, Family, NamedSet } from "../words/ruleset.ts";

/** A table in the memory of the fake kernel. */
export interface FakeTable {
  readonly family: Family;
  readonly chains: Map<string, { readonly chain: Chain; rules: readonly Rule[] }>;
  readonly sets: Map<string, { readonly set: NamedSet; readonly elements: Map<string, string> }>;
}

/** Throws what the kernel would answer. */
export function applyOne({ chains, sets }: FakeTable, { verb, object }: Operation): void {
  const refuse = (error: string): never => {
    throw new Error(`${error} ${verb} ${JSON.stringify(object)}`);
  };
  switch (object.object) {
    case "map":
    case "set":
      if (verb === "add") sets.set(object.name, { set: object as NamedSet, elements: new Map() });
      else if (verb === "flush") sets.get(object.name)?.elements.clear();
      else if (!sets.delete(object.name)) refuse("ENOENT");
      return;
    case "chain": {
      const present = chains.get(object.name);
      if (verb === "add") chains.set(object.name, { chain: object as Chain, rules: [] });
      else if (present === undefined) refuse("ENOENT");
      else if (verb === "fill")
        chains.set(object.name, { ...present, rules: [...present.rules, ...(object as Chain).rules] });
      else if (verb === "flush") chains.set(object.name, { ...present, rules: [] });
      else if (isNamed({ chains, sets }, object.name)) refuse("EBUSY");
      else chains.delete(object.name);
      return;
    }
    case "element": {
      const elements = sets.get(object.set)?.elements;
      if (elements === undefined) throw refuse("ENOENT");
      if (verb === "delete") {
        if (!elements.delete(object.key)) refuse("ENOENT");
        return;
      }
      if ((elements.get(object.key) ?? object.value) !== object.value) refuse("EEXIST");
      const target = /^(?:goto|jump) (.*)/.exec(object.value)?.[1];
      if (target !== undefined && !chains.has(target)) refuse("ENOENT");
      elements.set(object.key, object.value);
    }
  }
}

function isNamed({ chains, sets }: Pick<FakeTable, "chains" | "sets">, chain: string): boolean {
  const inRules = [...chains.values()].some(({ rules }) => JSON.stringify(rules).includes(`"chain":"${chain}"`));
  const values = [`goto ${chain}`, `jump ${chain}`];
  return inRules || [...sets.values()].some(({ elements }) => [...elements.values()].some((v) => values.includes(v)));
}

/** The elements of a set of the table, by their keys. Throws where there is none. */
export function elementsOf({ sets }: FakeTable, name: string): Map<string, string> {
  const set = sets.get(name);
  if (set === undefined) throw new Error(`there is no set ${name}`);
  return set.elements;
}

/** The value of the element that has the key, or whose ranges contain it; empty in a plain set. */
export function elementFor(table: FakeTable, name: string, key: string): string | undefined {
  const elements = elementsOf(table, name);
  if (table.sets.get(name)?.set.ranges !== true) return elements.get(key);
  const fields = key.split(" . ");
  const found = [...elements].find(([element]) =>
    element.split(" . ").every((range, index) => isWithin(fields[index] ?? "", range)),
  );
  return found?.[1];
}

/** Whether an address, port or name is the value, or in the range of addresses or ports that it names. */
export function isWithin(field: string, range: string): boolean {
  const ports = /^(\d+)-(\d+)$/.exec(range);
  if (ports !== null)
    return /^\d+$/.test(field) && Number(field) >= Number(ports[1]) && Number(field) <= Number(ports[2]);
  if (!range.includes("/")) return field === range;
  const address = ipaddr.parse(field);
  const [network, bits] = ipaddr.parseCIDR(range);
  return address.kind() === network.kind() && address.match(network as never, bits);
}
