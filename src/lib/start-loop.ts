import { CALLED_OFF } from "./called-off.ts";
import type { Clock } from "./clock.ts";
import type { Running } from "./running.ts";
import { running } from "./running.ts";

export interface LoopOptions {
  /**
   * Does the work once. Returns the pause before the next turn, in milliseconds (0 for none), or `done` when it was the last
   * turn. Must not reject: it reports its own failures.
   */
  turn(signal: AbortSignal): Promise<number | "done">;
  /** Pause before the first turn, in milliseconds. Default 0. */
  readonly firstPauseMs?: number;
  /** The first turn waits for this. Should it reject, there is none. Default: nothing to wait for. */
  readonly ready?: Promise<unknown>;
  readonly clock: Clock;
}

export interface Loop extends Running {
  /** Ends the pause. During a turn: leaves out the pause after it. */
  wake(): void;
  /** Resolves after the last turn: one that returned `done`, or the one during which the loop was stopped. */
  readonly ended: Promise<void>;
}

/** Whether a promise was fulfilled. */
const CAME_TRUE = [() => true, () => false] as const;

/**
 * Takes turns at some work, never two at once, with pauses between them. With nothing to wait for the first turn begins at once.
 * Stopping aborts the signal and waits for the turn in progress.
 */
export function startLoop({ turn, firstPauseMs = 0, ready, clock }: LoopOptions): Loop {
  const ending = new AbortController();
  const ended = Promise.withResolvers<false>();
  const { signal } = ending;
  let waking = new AbortController();

  const pause = (ms: number) => clock.sleep(ms, waking.signal).catch(() => {});

  async function follow(): Promise<void> {
    if (ready !== undefined && !(await Promise.race([ready.then(...CAME_TRUE), ended.promise]))) return;
    if (firstPauseMs > 0) await pause(firstPauseMs);
    while (!signal.aborted) {
      waking = new AbortController();
      const pauseMs = await turn(signal);
      if (pauseMs === "done") return;
      if (pauseMs > 0) await pause(pauseMs);
    }
  }

  const done = follow();
  return {
    ...running(async () => {
      ending.abort(CALLED_OFF);
      ended.resolve(false);
      waking.abort(CALLED_OFF);
      await done;
    }),
    wake: () => waking.abort(CALLED_OFF),
    ended: done,
  };
}
