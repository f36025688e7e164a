/**
 * Calls the listener when the signal is aborted, or at once if it has been. Returns what takes the listener away again.
 *
 * A socket that is made with Node's option `signal` listens as long as the signal lives, also when it has long been closed: a
 * signal that outlives its sockets holds all of them in memory.
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) {
    listener();
    return () => {};
  }
  signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}
