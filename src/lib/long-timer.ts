/** Longest delay of one of Node's timers, in milliseconds: a longer one would be over after 1 ms. */
export const TIMER_MAX_MS = 2 ** 31 - 1;

/**
 * Calls `act` after `delayMs`, also where that is longer than Node's timers can wait. Keeps no process alive.
 *
 * @returns what calls it off.
 */
export function startTimer(delayMs: number, act: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (leftMs: number) => {
    const stepMs = Math.min(leftMs, TIMER_MAX_MS);
    timer = setTimeout(() => (leftMs > stepMs ? wait(leftMs - stepMs) : act()), stepMs);
    timer.unref();
  };
  wait(delayMs);
  return () => clearTimeout(timer);
}
