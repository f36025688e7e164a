import type { DatabaseSync } from "node:sqlite";
import { firstRow, ROWS_PER_REVISION } from "./schema.ts";

/** Most rows of the log that one step of a compaction searches, so that no write waits for a whole compaction. */
const COMPACT_ROWS = 500;

/** Changes to what the database holds of the past. Each is part of the caller's transaction. */
export interface History {
  /** How many rows of the log `past` does not cover yet. */
  countUnindexed(): number;
  /** Has `past` cover the whole log. */
  indexPast(): void;
  /** From now on `revision` is the oldest that can be read. At most the next one, which has not happened yet. */
  setCompacted(revision: number): void;
  /** Removes some of the rows that ceased to be current before `revision`. Returns false when there are no more of them. */
  removeSome(revision: number): boolean;
}

export function prepareHistory(db: DatabaseSync): History {
  const count = db.prepare("SELECT count(*) AS n FROM log WHERE id >= (SELECT indexed_row FROM compaction)");
  const index = db.prepare(
    `INSERT INTO past SELECT key, previous, id / ${ROWS_PER_REVISION} FROM log
     WHERE id >= (SELECT indexed_row FROM compaction) AND previous IS NOT NULL ORDER BY key, previous`,
  );
  const setIndexed = db.prepare("UPDATE compaction SET indexed_row = (SELECT coalesce(max(id), 0) + 1 FROM log)");
  const setCompacted = db.prepare("UPDATE compaction SET revision = max(revision, ?)");
  // A row stops being current with the row that has it as `previous`, a deletion with itself.
  const searched = db.prepare(
    `SELECT max(id) AS last, count(*) AS n FROM (
       SELECT id FROM log WHERE id >= (SELECT removed_row FROM compaction) AND id < ? ORDER BY id LIMIT ${COMPACT_ROWS}
     )`,
  );
  const window = "FROM log WHERE id >= (SELECT removed_row FROM compaction) AND id <= ?";
  const removePast = db.prepare(
    `DELETE FROM past WHERE (key, id) IN (SELECT key, previous ${window} AND previous IS NOT NULL)`,
  );
  const removeReplaced = db.prepare(`DELETE FROM log WHERE id IN (SELECT previous ${window})`);
  // The newest row stays, whatever it is: the next revision follows from it.
  const removeDeletions = db.prepare(`DELETE ${window} AND value IS NULL AND id < (SELECT max(id) FROM log)`);
  const setRemoved = db.prepare(
    `UPDATE compaction SET removed_row = next, indexed_row = max(indexed_row, next)
     FROM (SELECT min(?, coalesce(max(id), 0)) AS next FROM log) WHERE removed_row < next`,
  );
  return {
    countUnindexed: () => Number(count.get()?.n),
    indexPast() {
      index.run();
      setIndexed.run();
    },
    setCompacted: (revision) => void setCompacted.run(revision),
    removeSome(revision) {
      const found = searched.get(firstRow(revision));
      const hasMore = Number(found?.n) === COMPACT_ROWS;
      const last = hasMore ? Number(found?.last) : firstRow(revision) - 1;
      if (Number(found?.n) > 0) {
        removePast.run(last);
        removeReplaced.run(last);
        removeDeletions.run(last);
      }
      setRemoved.run(last + 1);
      return hasMore;
    },
  };
}
