import { exponentialMs } from "../../lib/back-off.ts";
import { CALLED_OFF } from "../../lib/called-off.ts";
import type { Clock } from "../../lib/clock.ts";

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Pause before the first repetition of a failed key; doubles with each. Default 5 (upstream's). */
  readonly initialBackOffMs?: number;
  /** Longest such pause. Default 60 000. */
  readonly maxBackOffMs?: number;
}

/**
 * Keys that need work, each once, in the order in which they came.
 *
 * A key that is added while it is being worked on comes again afterwards, and never to two workers at once.
 */
export interface WorkQueue {
  add(key: string): void;
  /** Adds the key after `delayMs`. Of several delays for one key the one that ends first counts. */
  addAfter(key: string, delayMs: number): void;
  /** Adds the key after a pause that grows with each call, until {@link forget}. */
  addAfterFailure(key: string): void;
  /** The key's work succeeded: its next failure waits as the first did. */
  forget(key: string): void;
  /** How often {@link addAfterFailure} was called since {@link forget}. */
  failures(key: string): number;
  /** The next key, which has to be given back by {@link done}; `undefined` once the queue is closed. */
  next(): Promise<string | undefined>;
  done(key: string): void;
  /** Keys that wait, without those being worked on and those whose time has not come. */
  readonly length: number;
  /** Drops what waits. {@link next} answers `undefined` from now on. */
  close(): void;
}

/** An empty queue. */
export function createWorkQueue({ clock, initialBackOffMs = 5, maxBackOffMs = 60_000 }: WorkQueueOptions): WorkQueue {
  /** A set keeps the order of insertion, so it is the queue as well. */
  const waiting = new Set<string>();
  const working = new Set<string>();
  /** Keys added while they were being worked on. */
  const again = new Set<string>();
  const failures = new Map<string, number>();
  const delayed = createDelayedKeys(clock, add);
  const idle: ((key: string | undefined) => void)[] = [];
  let closed = false;

  function add(key: string): void {
    if (closed) return;
    if (working.has(key)) {
      again.add(key);
      return;
    }
    const worker = idle.shift();
    if (worker === undefined) waiting.add(key);
    else {
      working.add(key);
      worker(key);
    }
  }

  return {
    add,
    addAfter: delayed.add,

    addAfterFailure(key) {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      delayed.add(key, exponentialMs(count, { initialMs: initialBackOffMs, maxMs: maxBackOffMs }));
    },

    forget(key) {
      failures.delete(key);
    },
    failures: (key) => failures.get(key) ?? 0,

    async next() {
      if (closed) return undefined;
      const [key] = waiting;
      if (key === undefined) return new Promise((resolve) => idle.push(resolve));
      waiting.delete(key);
      working.add(key);
      return key;
    },

    done(key) {
      working.delete(key);
      if (again.delete(key)) add(key);
    },

    get length() {
      return waiting.size;
    },

    close() {
      closed = true;
      delayed.close();
      waiting.clear();
      again.clear();
      for (const worker of idle.splice(0)) worker(undefined);
    },
  };
}

/** Holds keys back until their time has come. */
function createDelayedKeys(clock: Clock, due: (key: string) => void) {
  const pending = new Map<string, { readonly atMs: number; readonly cancel: AbortController }>();

  return {
    add(key: string, delayMs: number): void {
      if (delayMs <= 0) {
        due(key);
        return;
      }
      const atMs = clock.monotonicMs() + delayMs;
      const present = pending.get(key);
      if (present !== undefined && present.atMs <= atMs) return;
      present?.cancel.abort(CALLED_OFF);
      const cancel = new AbortController();
      pending.set(key, { atMs, cancel });
      clock.sleep(delayMs, cancel.signal).then(
        () => {
          pending.delete(key);
          due(key);
        },
        () => {},
      );
    },
    close(): void {
      for (const { cancel } of pending.values()) cancel.abort(CALLED_OFF);
      pending.clear();
    },
  };
}
