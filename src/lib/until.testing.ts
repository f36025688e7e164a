import assert from "node:assert/strict";

const INTERVAL_MS = 5;
const TIMEOUT_MS = 10_000;

/** Resolves with the first value that is not undefined; fails the test when there is none in 10 s. */
export async function until<T>(what: string, ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) assert.fail(`timed out waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}
