/**
 * A thread whose clients watch over HTTP/1.1, each with a TLS connection of its own, so that reading holds up no writer.
 *
 * Sends `watching` when all watches are answered. Answers the number of events to wait for with a {@link WatchReport}.
 */
import { once } from "node:events";
import https from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { Access } from "../connection.ts";
import { nowMs } from "../now-ms.ts";

/** What the thread is started with. */
export interface WatchOrder {
  readonly access: Access;
  readonly watches: number;
  readonly path: string;
  /** When each write was sent, by its number. Shared with the writers. */
  readonly sentMs: Float64Array;
}

/** What the watches got. */
export interface WatchReport {
  readonly events: number;
  /** From the moment a write was sent to its event at a watch, in milliseconds: of every tenth watch. */
  readonly latenciesMs: readonly number[];
}

/** In front of the write's number, in an event. */
const MARK = '"written":"';
/** Only every tenth watch looks into its events: that costs time that the others need. */
const LOOKS_INTO = 10;
/** Connections that are made at once. */
const CONNECTING = 20;
/** Longest time without all events after the last write, in milliseconds. */
const EVENTS_TIMEOUT_MS = 60_000;
const NEWLINE = 10;
/** Of a write's number. */
const DIGITS_MAX = 8;

const order: WatchOrder = workerData;
const latenciesMs: number[] = [];
let events = 0;

if (parentPort !== null) {
  let next = 0;
  const connecting = async () => {
    for (let number = next++; number < order.watches; number = next++) await watch(number % LOOKS_INTO === 0);
  };
  await Promise.all(Array.from({ length: CONNECTING }, connecting));
  parentPort.on("message", (wanted: number) => void report(wanted));
  parentPort.postMessage("watching");
}

async function watch(looksInto: boolean): Promise<void> {
  const { server, ...identity } = order.access;
  const { hostname, port } = new URL(server);
  const request = https.get({ hostname, port, ...identity, agent: false, path: order.path });
  const [response] = await once(request, "response");
  if (response.statusCode !== 200) throw new Error(`A watch was answered with ${response.statusCode}`);
  let rest: Buffer = Buffer.alloc(0);
  response.on("data", (piece: Buffer) => {
    const text = looksInto ? Buffer.concat([rest, piece]) : piece;
    let start = 0;
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
      events++;
      if (looksInto) look(text.subarray(start, end));
      start = end + 1;
    }
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
  const answer: WatchReport = { events, latenciesMs };
  parentPort?.postMessage(answer);
}
