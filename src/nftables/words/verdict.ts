/** The fate of a packet, or the chain that decides it. A rule may have one, and so may an element of a map. */
export type Verdict =
  /** `jump` comes back when the chain has ended, `goto` does not. */
  | { readonly do: "jump" | "goto"; readonly chain: string }
  /** `accept` and `drop` end the hook's chain; a dropped packet meets no other. `return` ends the current chain. */
  | { readonly do: "accept" | "drop" | "return" };

/** Returns the value of a map's element, as nft writes it: `goto cluster-tcp-3`, `drop`. */
export function verdictValue(verdict: Verdict): string {
  return "chain" in verdict ? `${verdict.do} ${verdict.chain}` : verdict.do;
}

/** Reads a value made by {@link verdictValue}. Throws on any other. */
export function parseVerdict(value: string): Verdict {
  const [word, chain] = value.split(" ");
  if (chain === undefined && (word === "accept" || word === "drop" || word === "return")) return { do: word };
  if (chain !== undefined && (word === "jump" || word === "goto")) return { do: word, chain };
  throw new Error(`Not a verdict: "${value}"`);
}
