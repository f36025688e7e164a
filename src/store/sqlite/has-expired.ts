import type { DatabaseSync } from "node:sqlite";

/**
 * A function that answers whether keys are past their time to live at `nowMs`.
 *
 * A look at one index: most of the time it saves waking the writer's thread.
 */
export function prepareHasExpired(db: DatabaseSync): (nowMs: number) => boolean {
  const first = db.prepare(
    "SELECT 1 FROM log WHERE until IS NULL AND expires_ms IS NOT NULL AND expires_ms <= ? LIMIT 1",
  );
  return (nowMs) => first.get(nowMs) !== undefined;
}
