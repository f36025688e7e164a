import { DatabaseSync } from "node:sqlite";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { StoreEvent } from "../store.ts";
import { newestRevision, prepareSchema } from "./schema.ts";
import type { WriteResult, Writer } from "./writer.ts";
import { createWriter } from "./writer.ts";
import type { FromWriter, ToWriter, WriterData } from "./writer-messages.ts";

// A thread, since a commit waits 1–3 ms for the disk. Everything that has come in meanwhile is committed together.

const WAL_BYTES_MAX = 64 * 1024 * 1024;
const NOTHING = new Uint8Array();

const port = parentPort;
if (port === null) throw new Error("writer-worker.ts is started as a worker");
const send = (message: FromWriter) => port.postMessage(message);

// Whoever starts the thread gives it just this.
const data: WriterData = workerData;

try {
  const db = openForWriting(data);
  const writer = createWriter(db);
  serve(db, writer);
  send({ type: "opened", revision: newestRevision(db) });
} catch (error) {
  send({ type: "failed", id: 0, message: messageOf(error) });
  port.close();
}

function openForWriting({ file, maxBytes }: WriterData): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  db.exec("PRAGMA journal_mode = WAL");
  // A commit is on the disk before it is acknowledged, and before any reader sees it.
  db.exec("PRAGMA synchronous = FULL");
  db.exec(`PRAGMA journal_size_limit = ${WAL_BYTES_MAX}`);
  // Before the limit: a file of an earlier layout needs room to be converted.
  prepareSchema(db);
  if (maxBytes !== undefined) {
    const pageBytes = Number(db.prepare("PRAGMA page_size").get()?.page_size);
    db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`);
  }
  return db;
}

function serve(db: DatabaseSync, writer: Writer): void {
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
        db.close();
        send({ type: "done", id: message.id });
        port?.close();
    }
  }

  port?.on("message", (first: ToWriter) => {
    let writes: Extract<ToWriter, { type: "write" }>[] = [];
    for (const message of [first, ...waiting()]) {
      if (message.type === "write") {
        writes.push(message);
        continue;
      }
      commit(writer, writes);
      writes = [];
      attempt(message.id, () => carryOut(message));
    }
    commit(writer, writes);
  });
}

function* waiting(): Iterable<ToWriter> {
  if (port === null) return;
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) yield next.message;
}

function commit(writer: Writer, writes: readonly Extract<ToWriter, { type: "write" }>[]): void {
  if (writes.length === 0) return;
  try {
    const results = writer.commit(writes.map(({ request }) => request));
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
