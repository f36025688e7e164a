import { quantityMilliValue, quantityOf, quantityValue } from "../../quantity.ts";

/** Amounts by resource name: CPU in millicores, everything else in whole units (bytes, pieces). */
export type Amounts = ReadonlyMap<string, number>;

export const NO_AMOUNTS: Amounts = new Map();

/** Returns a map of quantities as amounts, rounded up. */
export function amountsOf(quantities: Readonly<Record<string, string>> | undefined): Amounts {
  if (quantities === undefined) return NO_AMOUNTS;
  return new Map(Object.entries(quantities).map(([name, text]) => [name, amount(name, text)]));
}

function amount(name: string, text: string): number {
  const quantity = quantityOf(text);
  return Number(name === "cpu" ? quantityMilliValue(quantity) : quantityValue(quantity));
}

/** Per resource, `a` plus `b`. */
export function sum(a: Amounts, b: Amounts): Amounts {
  if (b.size === 0) return a;
  const result = new Map(a);
  for (const [name, value] of b) result.set(name, (result.get(name) ?? 0) + value);
  return result;
}

/** Per resource, the larger one. */
export function larger(a: Amounts, b: Amounts): Amounts {
  if (b.size === 0) return a;
  const result = new Map(a);
  for (const [name, value] of b) result.set(name, Math.max(result.get(name) ?? 0, value));
  return result;
}
