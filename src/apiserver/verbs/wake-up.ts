import { CALLED_OFF } from "@fairlead/lib/called-off";
import type { Clock } from "@fairlead/lib/clock";

/** Lets one loop sleep until something happens or a time has come. Wake-ups while it is busy are not lost. */
export interface WakeUp {
  readonly wake: () => void;
  readonly isWaiting: boolean;
  /** Resolves at `untilMs` of the clock or earlier, sometimes for nothing. */
  wait(untilMs: number): Promise<void>;
  /** Lets go of the timer. */
  stop(): void;
}

/** One timer serves any number of waits: it stays until it is due, and is only set again for an earlier time. */
export function createWakeUp(clock: Clock): WakeUp {
  let pending = false;
  let resume: (() => void) | undefined;
  let timer: { readonly dueMs: number; readonly off: AbortController } | undefined;

  const wake = () => {
    const waiting = resume;
    if (waiting === undefined) pending = true;
    resume = undefined;
    waiting?.();
  };

  const setTimer = (dueMs: number) => {
    if (timer !== undefined && timer.dueMs <= dueMs) return;
    timer?.off.abort(CALLED_OFF);
    const set = { dueMs, off: new AbortController() };
    timer = set;
    clock.sleep(dueMs - clock.monotonicMs(), set.off.signal).then(
      () => {
        if (timer === set) timer = undefined;
        wake();
      },
      () => {},
    );
  };

  return {
    wake,
    get isWaiting() {
      return resume !== undefined;
    },
    wait(untilMs) {
      if (pending) {
        pending = false;
        return Promise.resolve();
      }
      setTimer(untilMs);
      return new Promise((resolve) => {
        resume = resolve;
      });
    },
    stop() {
      timer?.off.abort(CALLED_OFF);
      timer = undefined;
    },
  };
}
