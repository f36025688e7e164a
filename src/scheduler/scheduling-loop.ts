import { setImmediate as otherWork } from "node:timers/promises";
import type { Clock } from "@fairlead/lib/clock";
import { type Running, running } from "@fairlead/lib/running";
import type { PlacePod } from "./place-pods.ts";
import type { SchedulingQueue } from "./queue/scheduling-queue.ts";

/** Bindings that may be on their way at once. */
const BINDINGS_MAX = 100;
/** Longest stretch of decisions without letting other work of the process in, in milliseconds. */
const STRETCH_MS = 10;

/** Why a pause ends early. A value of its own: the default, an exception, costs more than a decision. */
const WOKEN = "woken";

/** The scheduler at work. */
export interface SchedulingLoop extends Running {
  /** The queue or the cluster changed. */
  wake(): void;
}

/** Takes pods out of the queue and has them placed, one decision after another; bindings go on side by side. */
export function startSchedulingLoop({
  queue,
  place,
  clock,
}: {
  readonly queue: SchedulingQueue;
  readonly place: PlacePod;
  readonly clock: Clock;
}): SchedulingLoop {
  const underWay = new Set<Promise<void>>();
  let isEnding = false;
  let woken = Promise.withResolvers<void>();

  async function run(): Promise<void> {
    let stretchMs = clock.monotonicMs();
    while (!isEnding) {
      const queued = queue.next(clock.monotonicMs());
      if (queued === undefined) await rest();
      else {
        // A pod that failed to be bound is in the queue again.
        const placed: Promise<void> = place(queued).finally(() => underWay.delete(placed) && wake());
        underWay.add(placed);
      }
      if (underWay.size >= BINDINGS_MAX) await Promise.race(underWay);
      if (clock.monotonicMs() - stretchMs < STRETCH_MS) continue;
      await otherWork();
      stretchMs = clock.monotonicMs();
    }
  }

  /** Until something changes, or a pause is over. */
  async function rest(): Promise<void> {
    const dueMs = queue.nextDueMs();
    const over = new AbortController();
    const pause =
      dueMs === undefined ? [] : [clock.sleep(Math.max(1, dueMs - clock.monotonicMs()), over.signal).catch(() => {})];
    await Promise.race([woken.promise, ...pause]);
    over.abort(WOKEN);
    woken = Promise.withResolvers();
  }

  function wake(): void {
    woken.resolve();
  }

  const done = run();
  return {
    wake,
    ...running(async () => {
      isEnding = true;
      wake();
      await done;
      await Promise.all(underWay);
    }),
  };
}
