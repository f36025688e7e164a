import { StatusError } from "@fairlead/api/status-error";
import type { Turns } from "./turns.ts";

/** Attempts of a writer in its turn. Only writers at other API servers, and first attempts, can come between. */
const ATTEMPTS = 64;

/**
 * One attempt to write. `undefined`: another write came first.
 *
 * @param isInTurn - Whether all earlier losers have written.
 */
export type Attempt<T> = (isInTurn: boolean) => Promise<T | undefined>;

/**
 * Writes an object, again when another write came first. A writer that meets no other one waits for nothing; those that lost take
 * turns, and writers that come then wait for theirs.
 *
 * @param key - What the writers write.
 * @throws {StatusError} `ServerTimeout` when 64 attempts lost.
 */
export async function writeInTurn<T>(turns: Turns, key: string, attempt: Attempt<T>): Promise<T> {
  const first = turns.isTaken(key) ? undefined : await attempt(false);
  return first ?? retryInTurn(turns, key, attempt);
}

/**
 * Writes after a lost attempt, when all earlier losers have written.
 *
 * If all losers tried again at once, one of them would win each time and the others would have worked for nothing.
 *
 * @throws {StatusError} `ServerTimeout` when 64 attempts lost.
 */
export function retryInTurn<T>(turns: Turns, key: string, attempt: Attempt<T>): Promise<T> {
  return turns.take(key, async () => {
    for (let attempts = 1; attempts <= ATTEMPTS; attempts++) {
      const outcome = await attempt(true);
      if (outcome !== undefined) return outcome;
    }
    throw new StatusError("ServerTimeout", "the write lost against others too often; try again", {
      details: { retryAfterSeconds: 1 },
    });
  });
}
