import type { Survey } from "../changes/diff.ts";

interface Listed {
  readonly chain?: { readonly name: string };
  readonly set?: { readonly name: string; readonly flags?: readonly string[] };
  readonly map?: { readonly name: string };
}

/** Reads what `list table` prints as JSON. Throws on anything else. */
export function parseSurvey(json: string): Survey {
  const { nftables } = JSON.parse(json) as { readonly nftables: readonly Listed[] };
  const sets = nftables.flatMap(({ set }) => (set === undefined ? [] : [set]));
  // By their timeout: nft 1.0.6 does not print the flag "dynamic" in JSON.
  const isDynamic = ({ flags = [] }: { readonly flags?: readonly string[] }) => flags.includes("timeout");
  return {
    chains: nftables.flatMap(({ chain }) => (chain === undefined ? [] : [chain.name])),
    sets: sets.filter((set) => !isDynamic(set)).map(({ name }) => name),
    maps: nftables.flatMap(({ map }) => (map === undefined ? [] : [map.name])),
    dynamicSets: sets.filter(isDynamic).map(({ name }) => name),
  };
}
