import type { DatabaseSync } from "node:sqlite";
import type { GetResult, KeyValue, RangeRequest, RangeResult, StoreEvent } from "../store.ts";
import { CompactedError, FutureRevisionError } from "../store.ts";
import type { ReadHistory } from "../watch-hub.ts";
import { firstRow, ROWS_PER_REVISION, revisionOfRow, SELECT_CURRENT } from "./schema.ts";
import type { TailView } from "./tail-view.ts";
import { keyValueOf } from "./writer.ts";

/** Rows of history read at once: at least one whole revision. */
const HISTORY_ROWS = 2 * ROWS_PER_REVISION;

/** Reads what is committed, and thereby durable. Synchronous; each call sees one moment. */
export interface Reader {
  get(key: string, revision: number | undefined): GetResult;
  range(request: RangeRequest): RangeResult;
  readonly changes: ReadHistory;
  /** Makes `revision` the oldest that can be read, even if the database still holds older ones. */
  setCompacted(revision: number): void;
}

const columns = "log.id, log.key, log.create_revision, log.version, log.value";

/** What the connection can be asked, each statement prepared once. */
function prepareQueries(db: DatabaseSync) {
  const begin = db.prepare("BEGIN");
  const commit = db.prepare("COMMIT");
  const bounds = db.prepare(
    "SELECT (SELECT max(id) FROM log) AS newest, (SELECT revision FROM compaction) AS compacted",
  );
  const get = db.prepare(SELECT_CURRENT);
  const range = db.prepare(
    `SELECT ${columns} FROM live CROSS JOIN log ON log.id = live.id
     WHERE live.key >= ? AND live.key < ? ORDER BY live.key LIMIT ?`,
  );
  const count = db.prepare("SELECT count(*) AS n FROM live WHERE key >= ? AND key < ?");
  const wasLive = "FROM live WHERE key >= :start AND key < :end AND id < :beyond";
  const wasReplaced = "FROM past WHERE key >= :start AND key < :end AND until > :revision AND id < :beyond";
  // Replaced by a row that `past` does not cover yet.
  const wasReplacedLately = `FROM log WHERE id >= max(:beyond, (SELECT indexed_row FROM compaction))
     AND key >= :start AND key < :end AND previous < :beyond`;
  // All three come in the order of their key: SQLite merges them, and stops at the limit.
  const past = db.prepare(
    `SELECT ${columns} FROM (
       SELECT key, id ${wasLive}
       UNION ALL
       SELECT key, id ${wasReplaced}
       UNION ALL
       SELECT key, previous ${wasReplacedLately}
       ORDER BY key LIMIT :limit
     ) AS found CROSS JOIN log ON log.id = found.id ORDER BY found.key`,
  );
  const pastCount = db.prepare(
    `SELECT (SELECT count(*) ${wasLive}) + (SELECT count(*) ${wasReplaced}) + (SELECT count(*) ${wasReplacedLately}) AS n`,
  );
  const history = db.prepare(
    `SELECT l.id, l.key, l.create_revision, l.version, l.value, p.id AS p_id, p.create_revision AS p_create_revision,
            p.version AS p_version, p.value AS p_value
     FROM log AS l LEFT JOIN log AS p ON p.id = l.previous
     WHERE l.id >= ? AND l.id < ? AND l.key >= ? AND l.key < ? ORDER BY l.id LIMIT ${HISTORY_ROWS}`,
  );
  return { begin, commit, bounds, get, range, count, past, pastCount, history };
}

type Queries = ReturnType<typeof prepareQueries>;

/** The revisions that can be read at one moment. */
interface Bounds {
  readonly newest: number;
  /** The newest revision of the database: newer ones are in the tail. */
  readonly newestInFile: number;
  readonly compacted: number;
}

export function createReader(db: DatabaseSync, tail: TailView): Reader {
  const queries = prepareQueries(db);
  let compactedAt = 0;

  /** Everything `work` reads is of one moment. */
  function snapshot<T>(work: (bounds: Bounds) => T): T {
    queries.begin.run();
    try {
      const row = queries.bounds.get();
      const newestInFile = Math.max(1, revisionOfRow(Number(row?.newest ?? 0)));
      tail.forget(newestInFile);
      const newest = Math.max(newestInFile, tail.newest);
      return work({ newest, newestInFile, compacted: Math.max(compactedAt, Number(row?.compacted ?? 0)) });
    } finally {
      queries.commit.run();
    }
  }

  /** Reads the database with `present` or `past`, and applies the changes of the tail up to the revision (default: newest). */
  function readAt<T extends Found>(
    revision: number | undefined,
    { present, past }: { readonly present: () => T; readonly past: (revision: number) => T },
  ): T & { readonly revision: number } {
    return snapshot(({ newest, newestInFile, compacted }) => {
      const at = revision ?? newest;
      if (at !== newest) assertReadable(at, newest, compacted);
      if (at < newestInFile) return { ...past(at), revision: newest };
      const found = present();
      if (newest === newestInFile) return { ...found, revision: newest };
      return { ...found, items: found.items.map((item) => tail.valueAt(item, at)), revision: newest };
    });
  }

  return {
    get(key, revision) {
      const part = { start: key, end: `${key}\0`, limit: 1, counts: false };
      const { items, revision: newest } = readAt<Found>(revision, {
        present: () => ({ items: queries.get.all(key).map(keyValueOf), count: undefined }),
        past: (at) => past(queries, part, at),
      });
      return { revision: newest, item: items[0] };
    },

    range: ({ revision, ...request }) =>
      readAt(revision, { present: () => present(queries, request), past: (at) => past(queries, request, at) }),

    *changes({ start, end, from, to }) {
      const beyond = firstRow(to + 1);
      for (let row = firstRow(from); row < beyond; ) {
        const { events, next } = snapshot(({ newestInFile, compacted }) => {
          if (revisionOfRow(row) < compacted) throw new CompactedError(compacted);
          const inFile = page(queries, { start, end, from: row, beyond });
          if (inFile.next < beyond) return inFile;
          const first = Math.max(revisionOfRow(row), newestInFile + 1);
          return { ...inFile, events: [...inFile.events, ...tail.between({ start, end, from: first, to })] };
        });
        if (events.length > 0) yield { revision: revisionOfRow(next) - 1, events };
        row = next;
      }
    },

    setCompacted(revision) {
      compactedAt = Math.max(compactedAt, revision);
    },
  };
}

type Part = Omit<RangeRequest, "revision">;
type Found = Pick<RangeResult, "items" | "count">;

function present(queries: Queries, { start, end, limit, counts }: Part): Found {
  const items = queries.range.all(start, end, limit ?? -1).map(keyValueOf);
  return { items, count: countOf(items, limit, counts, () => queries.count.get(start, end)?.n) };
}

function past(queries: Queries, { start, end, limit, counts }: Part, revision: number): Found {
  const place = { start, end, revision, beyond: firstRow(revision + 1) };
  const items = queries.past.all({ ...place, limit: limit ?? -1 }).map(keyValueOf);
  return { items, count: countOf(items, limit, counts, () => queries.pastCount.get(place)?.n) };
}

/** Items that the limit did not cut are counted already. */
function countOf(
  { length }: readonly KeyValue[],
  limit: number | undefined,
  counts: boolean | undefined,
  ask: () => unknown,
): number | undefined {
  if (limit === undefined || length < limit) return length;
  return counts === false ? undefined : Number(ask() ?? 0);
}

/** Events from row `from` to before row `beyond`, whole revisions only, and where to go on. */
function page(
  queries: Queries,
  { start, end, from, beyond }: { start: string; end: string; from: number; beyond: number },
) {
  const rows = queries.history.all(from, beyond, start, end);
  if (rows.length < HISTORY_ROWS) return { events: rows.map(eventOf), next: beyond };
  const next = firstRow(revisionOfRow(Number(rows.at(-1)?.id)));
  return { events: rows.filter((row) => Number(row.id) < next).map(eventOf), next };
}

function assertReadable(revision: number, newest: number, compacted: number): void {
  if (revision < compacted) throw new CompactedError(compacted);
  if (revision > newest) throw new FutureRevisionError(`Cannot read revision ${revision}: the newest is ${newest}`);
}

function eventOf(row: Readonly<Record<string, unknown>>): StoreEvent {
  const item = keyValueOf(row);
  const previous =
    row.p_id === null
      ? undefined
      : keyValueOf({
          id: row.p_id,
          key: row.key,
          create_revision: row.p_create_revision,
          version: row.p_version,
          value: row.p_value,
        });
  if (row.value !== null) return { type: "put", item, previous };
  if (previous === undefined) throw new Error(`The deletion of ${JSON.stringify(item.key)} has lost what it deleted`);
  return { type: "delete", key: item.key, modRevision: item.modRevision, previous };
}
