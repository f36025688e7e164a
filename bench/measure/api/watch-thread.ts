/**
 * A thread whose clients watch over HTTP/1.1, each with a TLS connection of its own, so that reading holds up no writer.
 *
 * Sends `watching` when all watches are answered. Answers the number of events to wait for with a {@link WatchReport}.
 */
import { once } from "node:events";
import https from "node:https";
import { parentPort, workerData } from "node:worker_threads";
import type { Access } from "../connection.ts";
import { createEventCounter, type EventCounts } from "../event-counter.ts";

/** What the thread is started with. */
export interface WatchOrder {
  readonly access: Access;
  readonly watches: number;
  readonly path: string;
  /** When each write was sent, by its number. Shared with the writers. */
  readonly sentMs: Float64Array;
}

/** What the watches got. */
export type WatchReport = EventCounts;

/** Connections that are made at once. */
const CONNECTING = 20;

const order: WatchOrder = workerData;
const counter = createEventCounter({ key: "written", sentMs: order.sentMs });

if (parentPort !== null) {
  let next = 0;
  const connecting = async () => {
    for (let number = next++; number < order.watches; number = next++) await watch(number);
  };
  await Promise.all(Array.from({ length: CONNECTING }, connecting));
  parentPort.on(
    "message",
    (wanted: number) => void counter.counted(wanted).then((counts) => parentPort?.postMessage(counts)),
  );
  parentPort.postMessage("watching");
}

async function watch(number: number): Promise<void> {
  const { server, ...identity } = order.access;
  const { hostname, port } = new URL(server);
  const request = https.get({ hostname, port, ...identity, agent: false, path: order.path });
  const [response] = await once(request, "response");
  if (response.statusCode !== 200) throw new Error(`A watch was answered with ${response.statusCode}`);
  response.on("data", counter.listener(number));
}
