import { ExpectedError } from "./expected-error.ts";
import { startTimer } from "./long-timer.ts";

/**
 * Returns a signal that is aborted after the timeout, or with the given signal.
 *
 * The timer holds what it aborts. `AbortSignal.timeout` inside of `AbortSignal.any` is not referenced: it may be
 * garbage collected before its timeout, which then never fires.
 */
export function waitSignal(given: AbortSignal, waitMs: number): AbortSignal {
  const over = new AbortController();
  const cancel = startTimer(waitMs, () => over.abort(new ExpectedError("The wait is over")));
  const giveUp = () => {
    cancel();
    over.abort(given.reason);
  };
  if (given.aborted) giveUp();
  else given.addEventListener("abort", giveUp, { once: true });
  return over.signal;
}
