import assert from "node:assert/strict";
import type { FakeClock } from "@fairlead/lib/clock.testing";
import fc from "fast-check";
import type { KeyValue, Store, StoreEvent, WriteOperation } from "./store.ts";
import { prefixEnd } from "./store.ts";

/** What a random test does to a store, step by step. */
type Step =
  | {
      readonly do: "write";
      readonly operations: readonly WriteOperation[];
      readonly expect: number | undefined;
      readonly mayWait: boolean;
    }
  | { readonly do: "compact"; readonly back: number }
  /** Lets time pass: one interval of expiry. */
  | { readonly do: "pass" };

const INTERVAL_MS = 5_000;
/** Longest time to live, in intervals. */
const TTL_MAX = 2;
/** Delay of writes that may wait, in milliseconds: all of a random test take less than half of an interval. */
const DELAY_MS = 1;

const keys = ["/p/a", "/p/b", "/p/c", "/q/a", "/r"] as const;

const value = fc.uint8Array({ maxLength: 4 });
/** Whole intervals but for a half: the times at which stores look may be some milliseconds apart. */
const ttlSeconds = fc.integer({ min: 1, max: TTL_MAX }).map((intervals) => ((intervals - 0.5) * INTERVAL_MS) / 1_000);
const operation = fc
  .record({ key: fc.constantFrom(...keys), value: fc.option(value), ttl: fc.option(ttlSeconds) })
  .map(({ key, value, ttl }): WriteOperation => {
    if (value === null) return { type: "delete", key };
    return { type: "put", key, value, ...(ttl !== null && { ttlSeconds: ttl }) };
  });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      operations: fc.uniqueArray(operation, { selector: (o) => o.key, minLength: 1, maxLength: 3 }),
      expect: fc.option(fc.nat(3), { nil: undefined }),
      mayWait: fc.boolean(),
    }),
  },
  // What an idle cluster writes: other values of few keys, one by one.
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      operations: fc.tuple(fc.record({ type: fc.constant("put" as const), key: fc.constantFrom(...keys), value })),
      expect: fc.constant(undefined),
      mayWait: fc.constant(true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("compact" as const), back: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.constant({ do: "pass" as const }) },
);

/** The state at each revision, kept whole: slow and obviously right. */
class Model {
  readonly states: ReadonlyMap<string, KeyValue>[] = [new Map(), new Map()];
  readonly events: StoreEvent[] = [];
  /** Interval at whose end a key expires, in the order of writes. */
  readonly #expires = new Map<string, number>();
  #interval = 0;

  get revision(): number {
    return this.states.length - 1;
  }

  write(operations: readonly WriteOperation[]): void {
    const modRevision = this.revision + 1;
    const next = new Map(this.states[this.revision]);
    const before = this.events.length;
    for (const o of operations) {
      this.#expires.delete(o.key);
      if (o.type === "put" && o.ttlSeconds !== undefined) {
        this.#expires.set(o.key, this.#interval + Math.ceil((o.ttlSeconds * 1_000) / INTERVAL_MS));
      }
      const previous = next.get(o.key);
      if (o.type === "put") {
        const createRevision = previous?.createRevision ?? modRevision;
        const item = { key: o.key, value: o.value, createRevision, modRevision, version: (previous?.version ?? 0) + 1 };
        next.set(o.key, item);
        this.events.push({ type: "put", item, previous });
      } else if (previous !== undefined) {
        next.delete(o.key);
        this.events.push({ type: "delete", key: o.key, modRevision, previous });
      }
    }
    if (this.events.length > before) this.states.push(next);
  }

  /** Ends an interval. What is due then was written with another time to live in each earlier interval. */
  pass(): void {
    this.#interval += 1;
    const due = [...this.#expires].filter(([, interval]) => interval === this.#interval);
    this.write(due.map(([key]) => ({ type: "delete", key })));
  }

  range(start: string, end: string, revision: number): KeyValue[] {
    return [...(this.states[revision] ?? [])]
      .map(([, item]) => item)
      .filter((i) => i.key >= start && i.key < end)
      .sort(byKey);
  }
}

const byKey = (a: KeyValue, b: KeyValue) => (a.key < b.key ? -1 : 1);
const ranges = [
  ["/", "0"],
  ["/p/", "/p0"],
  ["/p/b", "/q/a"],
  ["/q/a", "/q/a"],
] as const;

/** Does random steps to the store and to the model, and compares everything that can be seen. Prints its seed when it fails. */
export async function testAgainstModel(store: Store, clock: FakeClock): Promise<void> {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      // Each run has keys and revisions of its own in the one store.
      const prefix = `/run${run++}`;
      try {
        await play({ store, clock }, steps, prefix);
      } finally {
        // Without keys that would expire in the next run.
        for (let i = 0; i < TTL_MAX; i++) await pass({ store, clock }, prefix);
      }
    }),
    { numRuns: 25 },
  );
}

interface Timed {
  readonly store: Store;
  readonly clock: FakeClock;
}

async function play({ store, clock }: Timed, steps: readonly Step[], prefix: string): Promise<void> {
  const model = new Model();
  const base = (await store.revision()) - 1;
  const ending = new AbortController();
  const watched: StoreEvent[] = [];
  const watching = (async () => {
    const range = { start: `${prefix}/`, end: prefixEnd(`${prefix}/`) };
    for await (const batch of store.watch({ ...range, fromRevision: base + 2, signal: ending.signal })) {
      for (const event of batch.events) watched.push(event);
    }
  })();
  let compacted = 0;
  for (const s of steps) {
    if (s.do === "compact") {
      compacted = Math.max(compacted, model.revision - s.back);
      await store.compact(Math.max(0, base + model.revision - s.back));
    } else if (s.do === "pass") {
      model.pass();
      await pass({ store, clock }, prefix);
    } else await doWrite({ store, clock }, model, s, { prefix, base });
    await compareRanges(store, model, { prefix, base, compacted });
  }
  while (watched.length < model.events.length) await new Promise(setImmediate);
  ending.abort();
  await watching;
  assert.deepEqual(
    watched,
    model.events.map((e) => shifted(e, { prefix, base })),
  );
}

/** Lets an interval pass, and waits until the store has deleted what has expired: it answers in order. */
async function pass({ store, clock }: Timed, prefix: string): Promise<void> {
  await clock.advance(INTERVAL_MS);
  // Changes nothing, and may wait: it leaves the tail of a log where it is.
  const never = { compare: [{ key: `${prefix}/never`, modRevision: 1 }], success: [] };
  const result = store.txn({ ...never, maxDelayMs: DELAY_MS });
  await clock.advance(DELAY_MS);
  assert.equal((await result).succeeded, false);
}

async function doWrite(
  { store, clock }: Timed,
  model: Model,
  { operations, expect, mayWait }: Extract<Step, { do: "write" }>,
  place: Place,
): Promise<void> {
  const first = operations[0]?.key ?? "";
  const present = model.states[model.revision]?.get(first)?.modRevision ?? 0;
  const compare =
    expect === undefined ? [] : [{ key: place.prefix + first, modRevision: expectation(expect, present, place) }];
  const holds = expect === undefined || expect > 0;
  const writing = store.txn({
    compare,
    success: operations.map((o) => ({ ...o, key: place.prefix + o.key })),
    failure: [place.prefix + first],
    maxDelayMs: mayWait ? DELAY_MS : 0,
  });
  if (mayWait) await clock.advance(DELAY_MS);
  const result = await writing;
  assert.equal(result.succeeded, holds);
  if (holds) model.write(operations);
  else assert.equal(result.read[0]?.modRevision ?? 0, present === 0 ? 0 : present + place.base);
  assert.equal(result.revision, model.revision + place.base);
}

/** 0 expects what cannot be, anything else what is. */
function expectation(expect: number, present: number, { base }: Place): number {
  const actual = present === 0 ? 0 : present + base;
  return expect === 0 ? actual + 1 : actual;
}

interface Place {
  readonly prefix: string;
  /** The store's revision when the model was at 0. */
  readonly base: number;
}

async function compareRanges(store: Store, model: Model, place: Place & { readonly compacted: number }): Promise<void> {
  const oldest = Math.max(1, place.compacted);
  for (const revision of new Set([model.revision, Math.max(oldest, model.revision - 2), oldest])) {
    for (const [start, end] of ranges) {
      const request = { start: place.prefix + start, end: place.prefix + end, revision: place.base + revision };
      const want = model.range(start, end, revision).map((item) => shiftedItem(item, place));
      const got = await store.range({ ...request, limit: 2 });
      assert.deepEqual([got.items, got.count], [want.slice(0, 2), want.length]);
      assert.deepEqual((await store.range(request)).items, want);
    }
  }
}

function shifted(event: StoreEvent, place: Place): StoreEvent {
  if (event.type === "put") {
    const previous = event.previous === undefined ? undefined : shiftedItem(event.previous, place);
    return { type: "put", item: shiftedItem(event.item, place), previous };
  }
  const { key, modRevision, previous } = event;
  return {
    type: "delete",
    key: place.prefix + key,
    modRevision: modRevision + place.base,
    previous: shiftedItem(previous, place),
  };
}

function shiftedItem(item: KeyValue, { prefix, base }: Place): KeyValue {
  return {
    key: prefix + item.key,
    value: item.value,
    createRevision: item.createRevision + base,
    modRevision: item.modRevision + base,
    version: item.version,
  };
}
