import type { DatabaseSync } from "node:sqlite";
import type { Reserve } from "./reserve.ts";
import type { WriteRequest, Writer } from "./writer.ts";

/** SQLite's codes of errors that mean a lack of room. Only SQLITE_FULL may also mean the limit of the file. */
const SQLITE_FULL = 13;
const SQLITE_IOERR_SHMSIZE = 4_874;
/** SQLite's own limit. */
const PAGES_MAX = 4_294_967_294;
/** By this part of the limit, or of the reserve, steps of deletions may let a full file grow; deletes by twice as much. */
const STEP_PART = 1 / 16;
const STEP_PAGES_MIN = 16;

/** What a write is, by what it may use of a full store: free pages only, or some more to make room by it in the end. */
type Purpose = "ordinary" | "deletion step" | "delete";

const EXTRA_STEPS: Readonly<Record<Purpose, number>> = { ordinary: 0, "deletion step": 1, delete: 2 };

export interface RoomOptions {
  readonly db: DatabaseSync;
  readonly file: string;
  readonly reserve: Reserve;
  /** See `SqliteStoreOptions.maxBytes`. */
  readonly maxBytes: number | undefined;
  /** Called when the disk is found to be full, and when there is room again. */
  readonly onFull: (isFull: boolean) => void;
}

/**
 * Adds to a writer that deletions work when the disk or the file is full.
 *
 * When a write finds no room, the reserve is given up, unless the limit of the file is the cause. The write-ahead log is
 * moved into the file, the whole history is compacted, and the write is tried again. From then on, until there is room for
 * the whole reserve, ordinary writes may use only free pages of the file: the room on the disk is kept for deletions, which
 * append to the log before compaction removes both them and what they deleted.
 */
export function writeWithinRoom(writer: Writer, options: RoomOptions): Writer {
  const { db, maxBytes, reserve, onFull } = options;
  const limits = pageLimits(options);
  /** While the disk is full: how large the file was when it was found to be. */
  let fullPages: number | undefined;
  let compactedAt = 0;

  /**
   * Whether the limit of the file has stopped a write. SQLite reports a full disk in the same way, and has rolled back before
   * its pages can be counted; but a full disk has no room for the reserve.
   */
  function isAtLimit(error: unknown): boolean {
    const mayBe = maxBytes !== undefined && fullPages === undefined && codeOf(error) === SQLITE_FULL;
    return mayBe && reserve.hasRoom();
  }

  function startFull(): void {
    if (fullPages !== undefined || reserve.bytes === 0) return;
    fullPages = limits.count();
    onFull(true);
  }

  function endFullIfRoom(): void {
    if (fullPages === undefined) return;
    reserve.fillIfWhole();
    if (!reserve.isWhole()) return;
    fullPages = undefined;
    onFull(false);
  }

  /** Returns whether some of the reserve was given up. */
  function makeRoom(purpose: Purpose, error: unknown): boolean {
    const atLimit = isAtLimit(error);
    const gaveUp = !atLimit && (purpose !== "ordinary" || fullPages === undefined) && reserve.giveUpSome();
    if (!atLimit) startFull();
    limits.set("delete", fullPages);
    unlessFull(() => foldLog(db));
    const newest = writer.newest();
    if (newest === compactedAt) return gaveUp;
    unlessFull(() => {
      // The last change as well: it may be the deletion that has to make room.
      writer.startCompaction(newest + 1);
      while (writer.compactSome());
      foldLog(db);
      compactedAt = newest;
    });
    return gaveUp;
  }

  function attempt<T>(purpose: Purpose, work: () => T): T {
    endFullIfRoom();
    for (let hasMadeRoom = false; ; hasMadeRoom = true) {
      limits.set(purpose, fullPages);
      try {
        return work();
      } catch (error) {
        if (!isFull(error)) throw error;
        const gaveUp = makeRoom(purpose, error);
        if (hasMadeRoom && !gaveUp) throw refusal(options, purpose, error);
      }
    }
  }

  /** The same, and then takes as much of the reserve back as there is room for: others may be filling the disk. */
  function carryOut<T>(purpose: Purpose, work: () => T): T {
    try {
      return attempt(purpose, work);
    } finally {
      if (fullPages !== undefined) reserve.fill();
    }
  }

  reserve.fillIfWhole();
  if (!reserve.isWhole()) startFull();
  return {
    newest: () => writer.newest(),
    // Without the tail while room is short: it takes some of the disk now, and of the database later.
    commit: (requests, usesTail) =>
      carryOut(purposeOf(requests), () =>
        writer.commit(requests, usesTail && maxBytes === undefined && fullPages === undefined),
      ),
    expire: (nowMs) => carryOut("delete", () => writer.expire(nowMs)),
    startCompaction: (revision) => carryOut("delete", () => writer.startCompaction(revision)),
    compactSome: () => carryOut("delete", () => writer.compactSome()),
    emptyTail: () => carryOut("delete", () => writer.emptyTail()),
  };
}

function purposeOf(requests: readonly WriteRequest[]): Purpose {
  const deletes = ({ success }: WriteRequest) => success.every(({ value }) => value === undefined);
  if (requests.every(deletes)) return "delete";
  return requests.every((request) => request.forDeletion === true || deletes(request)) ? "deletion step" : "ordinary";
}

/** How many pages the database may have. */
function pageLimits({ db, maxBytes, reserve }: RoomOptions) {
  const pageBytes = Number(db.prepare("PRAGMA page_size").get()?.page_size);
  const count = db.prepare("PRAGMA page_count");
  const most = Math.max(1, Math.floor((maxBytes ?? 0) / pageBytes));
  const stepOf = (bytes: number) => Math.max(STEP_PAGES_MIN, Math.ceil((bytes * STEP_PART) / pageBytes));
  let current = 0;
  return {
    count: () => Number(count.get()?.page_count),
    set(purpose: Purpose, fullPages: number | undefined): void {
      const steps = EXTRA_STEPS[purpose];
      const byFile = maxBytes === undefined ? PAGES_MAX : most + steps * stepOf(maxBytes);
      const byDisk = fullPages === undefined ? PAGES_MAX : fullPages + steps * stepOf(reserve.bytes);
      const wanted = Math.min(byFile, byDisk);
      if (wanted !== current) db.exec(`PRAGMA max_page_count = ${wanted}`);
      current = wanted;
    },
  };
}

/** Moves the write-ahead log into the database file and frees its room. */
function foldLog(db: DatabaseSync): void {
  db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
}

function unlessFull(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!isFull(error)) throw error;
  }
}

function isFull(error: unknown): boolean {
  const code = codeOf(error);
  return code === SQLITE_FULL || code === SQLITE_IOERR_SHMSIZE;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "errcode" in error ? error.errcode : undefined;
}

function refusal({ file, maxBytes }: RoomOptions, purpose: Purpose, cause: unknown): Error {
  const more = maxBytes === undefined ? "" : ` or raise its limit of ${maxBytes} bytes`;
  const free = `free space on the disk of ${JSON.stringify(file)}${more}`;
  return new Error(
    purpose === "ordinary"
      ? `database or disk is full: delete objects, which still works, or ${free}`
      : `database or disk is full, and so is the room that is kept for deletions: ${free}`,
    { cause },
  );
}
