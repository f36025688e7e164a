/**
 * A thread that watches all pods, with a connection for each watch, so that reading does not hold up the writers.
 *
 * Says `watching` when all watches are answered. On a message with the number of events it answers with a {@link WatchReport}.
 */
import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { type Access, openConnection, send } from "../connection.ts";
import { nowMs } from "../now-ms.ts";
import { WRITTEN } from "./written.ts";

/** What the thread is started with. */
export interface WatchOrder {
  readonly access: Access;
  readonly watches: number;
  /** Every event after it is wanted. */
  readonly resourceVersion: string;
  /** When each write was sent, by its number. Shared with the writers. */
  readonly sentMs: Float64Array;
}

/** What the watches got. */
export interface WatchReport {
  readonly events: number;
  /** When the last event came, as {@link nowMs} has it. */
  readonly lastMs: number;
  /** From the moment a write was sent to its event at a watch, in milliseconds: of every tenth watch. */
  readonly latenciesMs: readonly number[];
}

/** In front of the write's number, in an event. */
const MARK = `"${WRITTEN}":"`;
/** Only every tenth watch looks into its events: that costs time that the others need. */
const LOOKS_INTO = 10;
/** Longest time without all events after the last write, in milliseconds. */
const EVENTS_TIMEOUT_MS = 60_000;
const NEWLINE = 10;
/** Of a write's number. */
const DIGITS_MAX = 8;

const order: WatchOrder = workerData;
const latenciesMs: number[] = [];
let events = 0;
let lastMs = 0;

if (parentPort !== null) {
  await Promise.all(Array.from({ length: order.watches }, (_, i) => watch(i % LOOKS_INTO === 0)));
  parentPort.on("message", (wanted: number) => void report(wanted));
  parentPort.postMessage("watching");
}

async function watch(looksInto: boolean): Promise<void> {
  const { session } = await openConnection(order.access);
  const path = `/api/v1/pods?watch=1&resourceVersion=${order.resourceVersion}`;
  const stream = await send(session, { path });
  let rest: Buffer = Buffer.alloc(0);
  stream.on("data", (piece: Buffer) => {
    const text = looksInto ? Buffer.concat([rest, piece]) : piece;
    let start = 0;
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
      events++;
      if (looksInto) look(text.subarray(start, end));
      start = end + 1;
    }
    if (start > 0) lastMs = nowMs();
    if (looksInto) rest = text.subarray(start);
  });
}

function look(event: Buffer): void {
  const at = event.indexOf(MARK);
  if (at < 0) throw new Error(`An event is not about a write of the benchmark: ${event.toString("utf8", 0, 500)}`);
  const from = at + MARK.length;
  const number = Number.parseInt(event.toString("latin1", from, from + DIGITS_MAX), 10);
  latenciesMs.push(nowMs() - (order.sentMs[number] ?? Number.NaN));
}

async function report(wanted: number): Promise<void> {
  for (const endMs = nowMs() + EVENTS_TIMEOUT_MS; events < wanted && nowMs() < endMs; ) await pause(5);
  const answer: WatchReport = { events, lastMs, latenciesMs };
  parentPort?.postMessage(answer);
}
