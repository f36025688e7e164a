import type { Names } from "../names.ts";
import type { Outcome } from "./outcome.ts";

/** Answers that are kept ready, at most; then we start over. */
const READY_MAX = 20_000;
/** Of queries and answers together: an answer of many addresses is kept in several orders. */
const READY_BYTES_MAX = 8 * 1024 * 1024;
/** Longest query whose answer is kept: without a pad, none is longer. Padded queries are distinct without end. */
const READY_QUERY_BYTES_MAX = 512;

/** A finished answer in one or several orders, which take turns. Only its id is still to be set. */
export interface ReadyAnswer {
  readonly orders: readonly Uint8Array[];
  /** How each use of it is counted. */
  readonly outcome: Outcome;
  next: number;
}

/** Finished answers by everything in the query but its id, for as long as no name changes. */
export interface ReadyAnswers {
  /** Returns the key of this query's answer; undefined when the answer is not to be kept. */
  keyOf(query: Uint8Array): string | undefined;
  get(key: string): ReadyAnswer | undefined;
  set(key: string, answer: Pick<ReadyAnswer, "orders" | "outcome">): void;
}

export function createReadyAnswers(names: Pick<Names, "generation">): ReadyAnswers {
  const ready = new Map<string, ReadyAnswer>();
  let generation = names.generation;
  let bytes = 0;
  return {
    keyOf(query) {
      if (query.length > READY_QUERY_BYTES_MAX) return undefined;
      if (generation !== names.generation || ready.size >= READY_MAX || bytes >= READY_BYTES_MAX) {
        ready.clear();
        bytes = 0;
        generation = names.generation;
      }
      return Buffer.from(query.buffer, query.byteOffset, query.byteLength).toString("latin1", 2);
    },
    get: (key) => ready.get(key),
    set(key, { orders, outcome }) {
      ready.set(key, { orders, outcome, next: 0 });
      bytes += orders.reduce((sum, { byteLength }) => sum + byteLength, key.length);
    },
  };
}
