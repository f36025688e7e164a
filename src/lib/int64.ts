const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** Returns a text as Go's `strconv.ParseInt(text, 10, 64)` reads it; `undefined` for a text that is no such number. */
export function parseInt64(text: string): bigint | undefined {
  // Longer texts are out of range, or have leading zeros that no writer makes; their conversion would be slow.
  if (text.length > 64 || !/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace("+", ""));
  return value < MIN || value > MAX ? undefined : value;
}
