import { prefixEnd, type Store } from "@fairlead/store/store";

/** Offsets of a range, each with the key under which it is claimed. */
export interface ClaimRange {
  readonly size: number;
  /** Offsets below this are taken only when there are no others. */
  readonly staticSize: number;
  /** The keys of all claims start with it. */
  readonly prefix: string;
  key(offset: number): string;
}

/** How often to guess before looking at all claims. Below half full, eight guesses fail once in 256 times. */
const GUESSES = 8;

/**
 * Returns a random free offset; `undefined` when the range is full.
 *
 * @param excluded - Keys that the caller is about to claim himself.
 * @param random - Gives integers from 0 below its argument.
 */
export async function freeOffset(
  store: Pick<Store, "get" | "range">,
  range: ClaimRange,
  { excluded, random }: { readonly excluded: ReadonlySet<string>; readonly random: (below: number) => number },
): Promise<number | undefined> {
  const dynamicSize = range.size - range.staticSize;
  for (let guess = 0; guess < GUESSES; guess++) {
    const offset = range.staticSize + random(dynamicSize);
    const key = range.key(offset);
    if (!excluded.has(key) && (await store.get(key)).item === undefined) return offset;
  }
  const claimed = await store.range({ start: range.prefix, end: prefixEnd(range.prefix) });
  const taken = new Set([...claimed.items.map((item) => item.key), ...excluded]);
  const isFree = (offset: number) => !taken.has(range.key(offset));
  return (
    firstFrom(random(dynamicSize), dynamicSize, (offset) => isFree(range.staticSize + offset), range.staticSize) ??
    firstFrom(random(Math.max(range.staticSize, 1)), range.staticSize, isFree, 0)
  );
}

/** The first of `size` offsets, starting at `start` and going round, for which `isFree`. */
function firstFrom(start: number, size: number, isFree: (offset: number) => boolean, base: number): number | undefined {
  for (let i = 0; i < size; i++) {
    const offset = (start + i) % size;
    if (isFree(offset)) return base + offset;
  }
  return undefined;
}
