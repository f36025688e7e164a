import { DatabaseSync } from "node:sqlite";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { systemClock } from "@fairlead/lib/clock";
import { ownMemory, startIdleCollection } from "@fairlead/lib/idle-collection";
import type { StoreEvent } from "../store.ts";
import type { Reserve } from "./reserve.ts";
import { diskOf, openReserve } from "./reserve.ts";
import { prepareSchema } from "./schema.ts";
import { eventOfRow } from "./tail.ts";
import { writeWithinRoom } from "./write-within-room.ts";
import type { WriteResult, Writer } from "./writer.ts";
import { createWriter } from "./writer.ts";
import type { FromWriter, ToWriter, WriterData } from "./writer-messages.ts";

// A thread, since a commit waits 1–3 ms for the disk. Everything that has come in meanwhile is committed together.

const WAL_BYTES_MAX = 64 * 1024 * 1024;
/** Pages in the write-ahead log at which it is moved into the file. */
const WAL_PAGES = 1_000;
/** By this part of the reserve the log may grow before that: it has to fit into the rest while the disk is full. */
const WAL_PART = 1 / 4;
/**
 * Most bytes of values that are committed together, unless one write has more: the log gets all of them before it can be
 * moved into the file.
 */
const COMMIT_BYTES = 4 * 1024 * 1024;
/** With less room than this a file is not opened before the reserve is given up: SQLite needs some of its own. */
const OPEN_BYTES = 1024 * 1024;
const NOTHING = new Uint8Array();

type Write = Extract<ToWriter, { type: "write" }>;

const port = parentPort;
if (port === null) throw new Error("writer-worker.ts is started as a worker");
const send = (message: FromWriter) => port.postMessage(message);

// The thread is started with exactly this.
const data: WriterData = workerData;

try {
  const reserve = openReserve({ file: `${data.file}-reserve`, bytes: data.reserveBytes ?? 0 });
  while (reserve.bytes > 0 && diskOf(data.file).freeBytes < OPEN_BYTES && reserve.giveUpSome());
  const db = openForWriting(data.file, reserve);
  const onFull = (isFull: boolean) => send({ type: "full", isFull });
  const written = createWriter(db, `${data.file}-tail`);
  const writer = writeWithinRoom(written, { ...data, db, reserve, onFull });
  const close = () => {
    try {
      writer.emptyTail();
    } catch {
      // The disk may be full: the tail stays in its file, where the next start finds it.
    }
    written.tail.close();
    db.close();
    reserve.close();
  };
  serve(writer, close);
  send({ type: "opened", revision: writer.newest(), tail: written.tail.rows.map(eventOfRow) });
  // A thread has a heap of its own. This ends with the thread.
  startIdleCollection({ ...ownMemory, collect: () => collect(db), clock: systemClock });
} catch (error) {
  send({ type: "failed", id: 0, message: messageOf(error) });
  port.close();
}

/** Collects garbage, and drops the pages that SQLite keeps: the system has them, too. */
function collect(db: DatabaseSync): void {
  if (db.isOpen) db.exec("PRAGMA shrink_memory");
  ownMemory.collect();
}

function openForWriting(file: string, reserve: Reserve): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  db.exec("PRAGMA journal_mode = WAL");
  // A commit is on the disk before it is acknowledged, and before any reader sees it.
  db.exec("PRAGMA synchronous = FULL");
  db.exec(`PRAGMA journal_size_limit = ${WAL_BYTES_MAX}`);
  if (reserve.bytes > 0) {
    const { page_size: pageBytes } = db.prepare("PRAGMA page_size").get() ?? {};
    const pages = Math.ceil((reserve.bytes * WAL_PART) / Number(pageBytes));
    db.exec(`PRAGMA wal_autocheckpoint = ${Math.min(WAL_PAGES, pages)}`);
  }
  // Before the limits: a file of an earlier layout needs room to be converted.
  prepareSchema(db);
  return db;
}

function serve(writer: Writer, close: () => void): void {
  const compactions: number[] = [];

  function compactSome(): void {
    try {
      if (writer.compactSome()) {
        setImmediate(compactSome);
        return;
      }
      for (const id of compactions.splice(0)) send({ type: "done", id });
    } catch (error) {
      for (const id of compactions.splice(0)) send({ type: "failed", id, message: messageOf(error) });
    }
  }

  function carryOut(message: Exclude<ToWriter, { type: "write" }>): void {
    switch (message.type) {
      case "expire": {
        const result = writer.expire(message.nowMs);
        if (result !== undefined) send({ type: "written", written: [{ id: message.id, result }] });
        else send({ type: "done", id: message.id });
        return;
      }
      case "compact":
        writer.startCompaction(message.revision);
        compactions.push(message.id);
        if (compactions.length === 1) compactSome();
        return;
      case "close":
        close();
        send({ type: "done", id: message.id });
        port?.close();
    }
  }

  port?.on("message", (first: readonly ToWriter[]) => {
    let writes: Write[] = [];
    let bytes = 0;
    const commitAll = () => {
      commit(writer, writes);
      writes = [];
      bytes = 0;
    };
    for (const message of [...first, ...waiting()]) {
      if (message.type === "write") {
        writes.push(message);
        bytes += valueBytes(message);
        if (bytes >= COMMIT_BYTES) commitAll();
        continue;
      }
      commitAll();
      attempt(message.id, () => carryOut(message));
    }
    commitAll();
  });
}

function* waiting(): Iterable<ToWriter> {
  if (port === null) return;
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
    yield* next.message;
}

function valueBytes({ request }: Write): number {
  return request.success.reduce((bytes, { value }) => bytes + (value?.byteLength ?? 0), 0);
}

function commit(writer: Writer, writes: readonly Write[]): void {
  if (writes.length === 0) return;
  try {
    const results = writer.commit(
      writes.map(({ request }) => request),
      true,
    );
    const written = results.map((result, i) => ({ id: writes[i]?.id ?? 0, result: withoutValues(result) }));
    send({ type: "written", written });
  } catch (error) {
    const [only] = writes;
    if (writes.length === 1 && only !== undefined) {
      send({ type: "failed", id: only.id, message: messageOf(error) });
      return;
    }
    // One write that is too large must not fail those that came with it.
    for (const write of writes) commit(writer, [write]);
  }
}

function attempt(id: number, work: () => void): void {
  try {
    work();
  } catch (error) {
    send({ type: "failed", id, message: messageOf(error) });
  }
}

function withoutValues(result: WriteResult): WriteResult {
  const strip = (event: StoreEvent): StoreEvent =>
    event.type === "put" ? { ...event, item: { ...event.item, value: NOTHING } } : event;
  return { ...result, events: result.events.map(strip) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
