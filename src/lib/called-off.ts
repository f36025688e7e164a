/**
 * Why something was called off that nobody waits for any more: the reason to give to `AbortController.abort`.
 *
 * One for all, where it happens for every request: without a reason, each call makes a `DOMException` with a stack,
 * which costs more than many a request.
 */
export const CALLED_OFF = new Error("called off");
