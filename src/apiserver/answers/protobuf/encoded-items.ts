import type { Clock } from "@fairlead/lib/clock";
import { createFifo } from "@fairlead/lib/fifo";
import type { StoredObject } from "../../registry/stored-object.ts";

/** Items of lists as they were written before: to parse an object and encode it takes ten times as long as to copy its item. */
export interface EncodedItems {
  /** Returns the object's item in a form, which `encode` returns where it is not kept. */
  itemOf(stored: StoredObject, form: string, encode: () => Uint8Array): Uint8Array;
  /** Whether the items of a list are worth keeping: those of a larger one would drop one another. */
  areWorthKeeping(items: readonly StoredObject[]): boolean;
}

export interface EncodedItemsLimits {
  /** Of all items together. */
  readonly bytesMax: number;
  /** From when an item is written, in milliseconds. An idle server keeps none. */
  readonly ageMaxMs: number;
}

/** An item that is kept until it is dropped. It does not keep its object. */
interface Kept {
  readonly form: string;
  readonly atMs: number;
  item: Uint8Array | undefined;
}

/** What an item takes besides its bytes, roughly. */
const ITEM_BYTES = 300;
/** A list with more objects is not added up. */
const ITEMS_MAX = 50_000;

/** Keeps no item yet. An object has one item: another form of it replaces that. */
export function createEncodedItems({ bytesMax, ageMaxMs }: EncodedItemsLimits, clock: Clock): EncodedItems {
  const byObject = new WeakMap<StoredObject, Kept>();
  const oldestFirst = createFifo<Kept>();
  let bytes = 0;
  let isAging = false;

  const drop = (kept: Kept) => {
    if (kept.item !== undefined) bytes -= kept.item.byteLength + ITEM_BYTES;
    kept.item = undefined;
  };
  /** Drops what is too old, until nothing is kept. */
  const age = async () => {
    isAging = true;
    for (let oldest = oldestFirst.at(0); oldest !== undefined; oldest = oldestFirst.at(0)) {
      const leftMs = oldest.atMs + ageMaxMs - clock.monotonicMs();
      if (leftMs > 0) await clock.sleep(leftMs);
      else drop(oldestFirst.shift() ?? oldest);
    }
    isAging = false;
  };
  const keep = (stored: StoredObject, form: string, item: Uint8Array) => {
    const before = byObject.get(stored);
    if (before !== undefined) drop(before);
    const kept = { form, atMs: clock.monotonicMs(), item };
    byObject.set(stored, kept);
    oldestFirst.push(kept);
    bytes += item.byteLength + ITEM_BYTES;
    while (bytes > bytesMax) drop(oldestFirst.shift() ?? kept);
    if (!isAging) void age();
  };

  return {
    itemOf(stored, form, encode) {
      const kept = byObject.get(stored);
      if (kept?.item !== undefined && kept.form === form) return kept.item;
      const item = encode();
      keep(stored, form, item);
      return item;
    },
    areWorthKeeping(items) {
      if (items.length > ITEMS_MAX) return false;
      let listed = 0;
      for (const stored of items) listed += stored.bytes.byteLength + ITEM_BYTES;
      return listed <= bytesMax / 2;
    },
  };
}
