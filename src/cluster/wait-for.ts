import { ExpectedError } from "../lib/expected-error.ts";

const INTERVAL_MS = 20;

/**
 * Waits until nothing is in the way any more.
 *
 * @param what - What is waited for, for the message.
 * @param problem - Answers what is still in the way, or `undefined`. What it throws ends the wait. It is not waited for
 *   longer than the signal says: it may hang on somebody who does not answer.
 * @throws {ExpectedError} when the signal is aborted first, with the last thing that was in the way.
 */
export async function waitFor(
  what: string,
  problem: () => Promise<string | undefined> | string | undefined,
  signal: AbortSignal,
): Promise<void> {
  let inTheWay: string | undefined = "there was no answer in time";
  const over = Promise.withResolvers<never>();
  over.promise.catch(() => {}); // Nobody may be waiting when it is over.
  const giveUp = () => over.reject(new ExpectedError(`Waited in vain for ${what}: ${inTheWay}`));
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp);
  try {
    for (;;) {
      const found = await Promise.race([problem(), over.promise]);
      if (found === undefined) return;
      inTheWay = found;
      await Promise.race([over.promise, new Promise((resolve) => setTimeout(resolve, INTERVAL_MS))]);
    }
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
