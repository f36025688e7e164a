/**
 * Shared reason of `AbortController.abort` for work whose result is no longer needed.
 *
 * One for all, where it happens for every request: without a reason, each call makes a `DOMException` with a stack,
 * which costs more than many a request.
 */
export const CALLED_OFF = new Error("aborted: nothing awaits the result any more");
