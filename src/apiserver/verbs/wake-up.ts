import { CALLED_OFF } from "../../lib/called-off.ts";
import type { Clock } from "../../lib/clock.ts";

/** Lets one loop sleep until something happens or some time has passed. Wake-ups while it is busy are not lost. */
export interface WakeUp {
  readonly wake: () => void;
  wait(clock: Clock, atMostMs: number): Promise<void>;
}

export function createWakeUp(): WakeUp {
  let pending = false;
  let resume: (() => void) | undefined;
  return {
    wake() {
      pending = true;
      resume?.();
    },
    async wait(clock, atMostMs) {
      if (!pending) {
        const timer = new AbortController();
        await new Promise<void>((resolve) => {
          resume = resolve;
          clock.sleep(atMostMs, timer.signal).then(resolve, resolve);
        });
        timer.abort(CALLED_OFF);
        resume = undefined;
      }
      pending = false;
    },
  };
}
