/** A thread whose clients list objects without a limit, again and again, until it gets a message. Answers with a {@link ListReport}. */
import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { type Access, type Connection, openConnection, send } from "./connection.ts";

/** What the thread is started with. */
export interface ListOrder {
  readonly access: Access;
  readonly clients: number;
  /** What each client lists. */
  readonly path: string;
}

/** What the clients got. */
export interface ListReport {
  /** Lists that were read to their end. */
  readonly lists: number;
  /** Bytes of all lists, also of those that were under way at the end. */
  readonly bytes: number;
}

const order: ListOrder = workerData;
let isStopped = false;
let lists = 0;
let bytes = 0;

if (parentPort !== null) {
  const port = parentPort;
  const open = () => openConnection(order.access);
  const connections = await Promise.all(Array.from({ length: order.clients }, open));
  port.once("message", () => {
    isStopped = true;
    for (const connection of connections) void connection[Symbol.asyncDispose]();
    const report: ListReport = { lists, bytes };
    port.postMessage(report);
  });
  port.postMessage("listing");
  await Promise.all(connections.map(listAgain));
}

async function listAgain({ session }: Connection): Promise<void> {
  try {
    for (; !isStopped; lists++) {
      const stream = await send(session, { path: order.path });
      stream.on("data", (piece: Buffer) => {
        bytes += piece.byteLength;
      });
      await once(stream, "end");
    }
  } catch (error) {
    if (!isStopped) throw error;
  }
}
