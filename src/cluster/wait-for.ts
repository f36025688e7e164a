import { ExpectedError } from "@fairlead/lib/expected-error";

/** Between two looks. */
const INTERVAL_MS = 20;
/** Limit for `explain`, in milliseconds: the server that it asks may be what does not answer. */
const EXPLAIN_MAX_MS = 5_000;

export interface WaitOptions {
  /** Returns what is in the way in more detail. Called once, when the wait has failed. Default: the last problem. */
  readonly explain?: () => Promise<string | undefined>;
  /** Resolves when it is time to look again. Asked before each look. Default: {@link INTERVAL_MS} later. */
  readonly next?: () => Promise<unknown>;
}

/**
 * Looks again and again until nothing is in the way any more.
 *
 * @param what - What is waited for, for the message: `nodes to become Ready`.
 * @param problem - Returns what is still in the way, or `undefined`. What it throws ends the wait. It is abandoned when
 *   the signal is aborted: the server that it asks may not answer.
 * @throws {ExpectedError} when the signal is aborted first, with what was in the way.
 */
export async function waitFor(
  what: string,
  problem: () => Promise<string | undefined> | string | undefined,
  signal: AbortSignal,
  { explain, next }: WaitOptions = {},
): Promise<void> {
  let inTheWay: string | undefined = "there was no answer in time";
  const over = Promise.withResolvers<never>();
  over.promise.catch(() => {}); // It may be over when the wait has ended.
  const giveUp = () => over.reject(new TimeIsUp());
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp);
  try {
    for (;;) {
      const woken = next?.();
      const found = await Promise.race([problem(), over.promise]);
      if (found === undefined) return;
      inTheWay = found;
      await Promise.race([over.promise, woken ?? pause()]);
    }
  } catch (error) {
    if (!(error instanceof TimeIsUp)) throw error;
    throw new ExpectedError(`Timed out waiting for ${what}: ${(await explained(explain)) ?? inTheWay}`);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
}

class TimeIsUp extends Error {
  override readonly name = "TimeIsUp";
}

/** The detailed problem; undefined where there is none, or it cannot be found out. */
async function explained(explain: WaitOptions["explain"]): Promise<string | undefined> {
  if (explain === undefined) return undefined;
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, EXPLAIN_MAX_MS, undefined);
  try {
    return await Promise.race([explain(), late]);
  } catch {
    return undefined; // The last problem is known, and says more than that it cannot be explained.
  } finally {
    clearTimeout(timer);
  }
}
