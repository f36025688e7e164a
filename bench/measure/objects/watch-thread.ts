/**
 * A thread that watches all pods, with a connection for each watch, so that reading does not hold up the writers.
 *
 * Says `watching` when all watches are answered. On a message with the number of events it answers with a {@link WatchReport}.
 */
import { parentPort, workerData } from "node:worker_threads";
import { type Access, openConnection, send } from "../connection.ts";
import { createEventCounter, type EventCounts } from "../event-counter.ts";
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
export type WatchReport = EventCounts;

const order: WatchOrder = workerData;
const counter = createEventCounter({ key: WRITTEN, sentMs: order.sentMs });

if (parentPort !== null) {
  await Promise.all(Array.from({ length: order.watches }, (_, i) => watch(i)));
  parentPort.on(
    "message",
    (wanted: number) => void counter.counted(wanted).then((counts) => parentPort?.postMessage(counts)),
  );
  parentPort.postMessage("watching");
}

async function watch(number: number): Promise<void> {
  const { session } = await openConnection(order.access);
  const path = `/api/v1/pods?watch=1&resourceVersion=${order.resourceVersion}`;
  const stream = await send(session, { path });
  stream.on("data", counter.listener(number));
}
