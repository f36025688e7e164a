import type { Field } from "../words/field.ts";
import type { Family } from "../words/ruleset.ts";

/** Returns the fields, joined, as nft reads them: `ip daddr . meta l4proto . th dport`. */
export function keyText(key: readonly Field[], family: Family): string {
  return key.map((field) => fieldText(field, family)).join(" . ");
}

/** Returns one field as nft reads it: `ip saddr`. */
export function fieldText(field: Field, family: Family): string {
  switch (field) {
    case "source address":
      return `${family} saddr`;
    case "destination address":
      return `${family} daddr`;
    case "protocol":
      return "meta l4proto";
    case "source port":
      return "th sport";
    case "destination port":
      return "th dport";
    case "input interface":
      return "iifname";
    case "output interface":
      return "oifname";
    case "original source address":
      return `ct original ${family} saddr`;
    case "original destination address":
      return `ct original ${family} daddr`;
    case "original protocol":
      return "ct original protocol";
    case "original source port":
      return "ct original proto-src";
    case "original destination port":
      return "ct original proto-dst";
  }
}

/** Addresses, ranges, names of interfaces and protocols: nothing that could end a word or begin a command. */
const SAFE_VALUE = /^[\w.:/@-]+$/;

/**
 * Returns the values as nft reads them: `80`, `{ 80, 443 }`, `"eth0"`.
 *
 * @throws on a value with other characters than those of addresses and names: a caller has passed on unchecked text.
 */
export function valuesText(field: Field, values: readonly (string | number)[]): string {
  const texts = values.map((value) => {
    if (!SAFE_VALUE.test(`${value}`)) throw new Error(`Not a value of a packet's field: "${value}"`);
    return field.endsWith(" interface") ? `"${value}"` : `${value}`;
  });
  return texts.length === 1 ? `${texts[0]}` : `{ ${texts.join(", ")} }`;
}
