import { ExpectedError } from "../lib/expected-error.ts";

const INTERVAL_MS = 20;

/**
 * Waits until nothing is in the way any more.
 *
 * @param what - What is waited for, for the message.
 * @param problem - Answers what is still in the way, or `undefined`. What it throws ends the wait.
 * @throws {ExpectedError} when the signal is aborted first, with the last thing that was in the way.
 */
export async function waitFor(
  what: string,
  problem: () => Promise<string | undefined> | string | undefined,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const inTheWay = await problem();
    if (inTheWay === undefined) return;
    if (signal.aborted) throw new ExpectedError(`Waited in vain for ${what}: ${inTheWay}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}
