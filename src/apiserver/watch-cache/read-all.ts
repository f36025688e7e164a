import { setImmediate as turn } from "node:timers/promises";
import { CompactedError, type KeyValue, type Store } from "@fairlead/store/store";

/** Objects read at once: a store reads synchronously, some 50,000 objects a second. */
const OBJECTS_AT_ONCE = 1_000;

/** The current objects of a range. */
export interface AllObjects {
  readonly revision: number;
  readonly items: readonly KeyValue[];
}

/** Reads all objects of a range as of one revision. Between two parts other work gets its turn. */
export async function readAll(
  store: Pick<Store, "range">,
  range: { readonly start: string; readonly end: string },
  objectsAtOnce = OBJECTS_AT_ONCE,
): Promise<AllObjects> {
  for (;;) {
    try {
      return await readParts(store, range, objectsAtOnce);
    } catch (error) {
      // Compacted between two parts: the current revision can be read.
      if (!(error instanceof CompactedError)) throw error;
    }
  }
}

async function readParts(
  store: Pick<Store, "range">,
  { start, end }: { readonly start: string; readonly end: string },
  limit: number,
): Promise<AllObjects> {
  const first = await store.range({ start, end, limit, counts: false });
  const { revision } = first;
  const items = [...first.items];
  for (let last = first; last.items.length === limit; ) {
    await turn();
    last = await store.range({ start: `${items.at(-1)?.key}\0`, end, limit, counts: false, revision });
    for (const item of last.items) items.push(item);
  }
  return { revision, items };
}
