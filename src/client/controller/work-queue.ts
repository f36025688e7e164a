import { exponentialMs } from "@fairlead/lib/back-off";
import { CALLED_OFF } from "@fairlead/lib/called-off";
import type { Clock } from "@fairlead/lib/clock";
import { createFifo } from "@fairlead/lib/fifo";

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** Pause before the first repetition of a failed key; doubles with each. Default 5 (upstream's). */
  readonly initialBackOffMs?: number;
  /** Longest such pause. Default 60 000. */
  readonly maxBackOffMs?: number;
  /** Observes the queue. Default: none. */
  readonly observer?: QueueObserver;
}

/** Observes how keys are processed. */
export interface QueueObserver {
  /** A key waits now that did not wait before. */
  added(): void;
  /** A key is worked on, after it has waited for so long. */
  taken(waitedMs: number): void;
  /** A key failed, and comes again. */
  retried(): void;
  /** A key's work has ended. */
  done(workedMs: number): void;
  /** So many keys do not wait any more: the queue is closed. */
  dropped(count: number): void;
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
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const { clock, initialBackOffMs = 5, maxBackOffMs = 60_000, observer } = options;
  /** Since when each key waits. */
  const waiting = new Map<string, number>();
  /** The same keys, in order. */
  const order = createFifo<string>();
  /** Since when each key is worked on. */
  const working = new Map<string, number>();
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
    if (waiting.has(key)) return;
    observer?.added();
    const worker = idle.shift();
    const now = clock.monotonicMs();
    if (worker === undefined) {
      waiting.set(key, now);
      order.push(key);
    } else {
      begin(key, now);
      worker(key);
    }
  }

  function begin(key: string, sinceMs: number): void {
    const now = clock.monotonicMs();
    working.set(key, now);
    observer?.taken(now - sinceMs);
  }

  return {
    add,
    addAfter: delayed.add,

    addAfterFailure(key) {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      observer?.retried();
      delayed.add(key, exponentialMs(count, { initialMs: initialBackOffMs, maxMs: maxBackOffMs }));
    },

    forget(key) {
      failures.delete(key);
    },
    failures: (key) => failures.get(key) ?? 0,

    async next() {
      if (closed) return undefined;
      const key = order.shift();
      if (key === undefined) return new Promise((resolve) => idle.push(resolve));
      const sinceMs = waiting.get(key) ?? clock.monotonicMs();
      waiting.delete(key);
      begin(key, sinceMs);
      return key;
    },

    done(key) {
      const sinceMs = working.get(key);
      working.delete(key);
      if (sinceMs !== undefined) observer?.done(clock.monotonicMs() - sinceMs);
      if (again.delete(key)) add(key);
    },

    get length() {
      return waiting.size;
    },

    close() {
      closed = true;
      delayed.close();
      observer?.dropped(waiting.size);
      waiting.clear();
      order.clear();
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
