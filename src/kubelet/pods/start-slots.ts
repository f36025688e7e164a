import { CALLED_OFF } from "@fairlead/lib/called-off";
import type { Clock } from "@fairlead/lib/clock";

/** What a slot is for. Containers of a pod whose sandbox is there go before sandboxes of further pods. */
export type StartStage = "container" | "sandbox";

/**
 * Bounds how many sandboxes and containers the runtime makes at once on a node. Without a bound, a hundred new pods share
 * the processors so evenly that the first is ready hardly before the last.
 */
export interface StartSlots {
  /**
   * Does `work` in a slot, once one is free. Within a stage, first come, first served.
   *
   * @param signal - Gives up waiting, and rejects with the signal's reason. Has no effect on work that has begun.
   */
  use<T>(stage: StartStage, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/**
 * Work that takes longer than this, in milliseconds, gives its slot away: it waits for something that is not the
 * processor, and pods on a broken mount must not keep the others from starting.
 */
const SLOT_MAX_MS = 10_000;

/** @param count - How many may be at work at a time. */
export function createStartSlots(count: number, clock: Clock): StartSlots {
  const waiting = { container: new Set<() => void>(), sandbox: new Set<() => void>() };
  let free = count;

  function next(): void {
    const [begin] = waiting.container.size > 0 ? waiting.container : waiting.sandbox;
    if (begin === undefined || free === 0) return;
    free -= 1;
    begin();
  }

  function turn(stage: StartStage, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const queue = waiting[stage];
    const leave = () => {
      queue.delete(begin);
      reject(signal.reason);
    };
    const begin = () => {
      queue.delete(begin);
      signal.removeEventListener("abort", leave);
      resolve();
    };
    signal.addEventListener("abort", leave, { once: true });
    queue.add(begin);
    next();
    return promise;
  }

  return {
    async use(stage, signal, work) {
      await turn(stage, signal);
      const done = new AbortController();
      const release = () => {
        free += 1;
        next();
      };
      clock.sleep(SLOT_MAX_MS, done.signal).then(release, release);
      try {
        return await work();
      } finally {
        done.abort(CALLED_OFF);
      }
    },
  };
}
