import type { Names } from "../names.ts";
import type { Outcome } from "./outcome.ts";

/** Answers that are kept ready: those of a cluster of 10,000 Services and 5,000 pods, asked for both families. */
const READY_MAX = 60_000;
/** Memory of all answers. Those of many addresses are kept in several orders. */
const READY_BYTES_MAX = 24 * 1024 * 1024;
/** Estimate of what an answer costs besides its bytes and its key. */
const OVERHEAD_BYTES = 256;

/** A finished answer in one or several orders, which take turns. Its id and the spelling of its question are still to be set. */
export interface ReadyAnswer {
  readonly orders: readonly Uint8Array[];
  /** How each use of it is counted. */
  readonly outcome: Outcome;
  /** The Service, as `namespace/name`, that alone decides about it. Undefined: any change of a name may. */
  readonly service: string | undefined;
}

/** One that is kept. */
interface Kept extends ReadyAnswer {
  /** Of the Service; undefined when there was none. What was known of it is not held: that of a large Service is large. */
  readonly version: number | undefined;
  /** Of the configuration. */
  readonly settings: number;
  /** The last generation of the names at which it was right. */
  generation: number;
  next: number;
}

/** What answers are made from. */
export interface ReadyBasis {
  readonly names: Pick<Names, "generation" | "version">;
  readonly settings: { readonly generation: number };
}

/** Finished answers, for as long as what they are made from does not change. */
export interface ReadyAnswers {
  /** Returns the answer, in the order whose turn it is. Undefined when there is none, or when what it was made from has changed. */
  take(key: string): { readonly response: Uint8Array; readonly outcome: Outcome } | undefined;
  set(key: string, answer: ReadyAnswer): void;
}

/**
 * Keeps answers in two halves: a full one becomes the older half, whose answers come back when they are asked for, and those before
 * are dropped. Names that are asked for stay, whatever number of others is asked for once.
 */
export function createReadyAnswers({ names, settings }: ReadyBasis): ReadyAnswers {
  let young = new Map<string, Kept>();
  let old = new Map<string, Kept>();
  let youngBytes = 0;

  function isRight(answer: Kept): boolean {
    if (answer.settings !== settings.generation) return false;
    if (answer.generation === names.generation) return true;
    if (answer.service === undefined || names.version(answer.service) !== answer.version) return false;
    answer.generation = names.generation;
    return true;
  }

  function keep(key: string, answer: Kept): void {
    const before = young.get(key);
    if (before !== undefined) youngBytes -= bytesOf(key, before);
    if (before === undefined && (young.size >= READY_MAX / 2 || youngBytes >= READY_BYTES_MAX / 2)) {
      old = young;
      young = new Map();
      youngBytes = 0;
    }
    young.set(key, answer);
    youngBytes += bytesOf(key, answer);
  }

  return {
    take(key) {
      let answer = young.get(key);
      if (answer === undefined) {
        answer = old.get(key);
        if (answer === undefined || !isRight(answer)) return undefined;
        old.delete(key);
        keep(key, answer);
      } else if (!isRight(answer)) return undefined;
      answer.next = (answer.next + 1) % answer.orders.length;
      const response = answer.orders[answer.next];
      return response === undefined ? undefined : { response, outcome: answer.outcome };
    },
    set(key, answer) {
      const version = answer.service === undefined ? undefined : names.version(answer.service);
      keep(key, { ...answer, version, settings: settings.generation, generation: names.generation, next: 0 });
    },
  };
}

function bytesOf(key: string, { orders }: ReadyAnswer): number {
  return orders.reduce((sum, { byteLength }) => sum + byteLength, key.length + OVERHEAD_BYTES);
}
