import type { DatabaseSync } from "node:sqlite";

/** Current values past their time to live, for a SELECT with that time as its parameter. Rows of history may be due as well. */
export const EXPIRED =
  "log CROSS JOIN live ON live.key = log.key AND live.id = log.id WHERE expires_ms IS NOT NULL AND expires_ms <= ?";

/**
 * A function that answers whether keys are past their time to live at `nowMs`.
 *
 * A look at one index: most of the time it saves waking the writer's thread.
 */
export function prepareHasExpired(db: DatabaseSync): (nowMs: number) => boolean {
  const first = db.prepare(`SELECT 1 FROM ${EXPIRED} LIMIT 1`);
  return (nowMs) => first.get(nowMs) !== undefined;
}
