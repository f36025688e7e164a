/**
 * Aborted when the time is over, or when the user gives up.
 *
 * The timer holds what it aborts. `AbortSignal.timeout` inside of `AbortSignal.any` is held by nobody: when memory is
 * tidied up before its time is over, that time never comes.
 */
export function waitSignal(user: AbortSignal, waitMs: number): AbortSignal {
  const over = new AbortController();
  setTimeout(() => over.abort(new Error("The wait is over")), waitMs).unref();
  const giveUp = () => over.abort(user.reason);
  if (user.aborted) giveUp();
  else user.addEventListener("abort", giveUp, { once: true });
  return over.signal;
}
