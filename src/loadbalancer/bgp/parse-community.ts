const STANDARD_MAX = 65_535;
const LARGE_MAX = 4_294_967_295;

/** A value that routes are marked with: two numbers (RFC 1997), or three (RFC 8092). */
export type CommunityValue = readonly [number, number] | readonly [number, number, number];

/** Reads a community as MetalLB writes it: `64500:100`, `large:64500:1:2`. Undefined for a text that is none. */
export function parseCommunity(text: string): CommunityValue | undefined {
  const parts = text.split(":");
  const isLarge = parts[0] === "large";
  const numbers = (isLarge ? parts.slice(1) : parts).map((part) =>
    /^\d{1,10}$/.test(part) ? Number(part) : Number.NaN,
  );
  const most = isLarge ? LARGE_MAX : STANDARD_MAX;
  if (!numbers.every((number) => number <= most)) return undefined;
  const [one, two, three, ...more] = numbers;
  if (one === undefined || two === undefined || more.length > 0) return undefined;
  if (isLarge) return three === undefined ? undefined : [one, two, three];
  return three === undefined ? [one, two] : undefined;
}
