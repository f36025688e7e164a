/**
 * Shared reason for aborting work that nobody awaits any more, for `AbortController.abort`.
 *
 * One for all, where it happens for every request: without a reason, each call makes a `DOMException` with a stack,
 * which costs more than many a request.
 */
export const CALLED_OFF = new Error("aborted: nothing awaits the result any more");
