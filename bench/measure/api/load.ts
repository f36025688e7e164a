import type { Access } from "../connection.ts";
import type { HttpRequest, HttpVersion } from "./http-client.ts";
import { openHttpClient } from "./http-client.ts";
import type { Side } from "./side.ts";
import type { Spent } from "./spent.ts";
import { spentOn } from "./spent.ts";

/** Requests that clients send over and over, one after another, some at the same time. */
export interface Load {
  /** In turn. All of one method, with the same `accept` and body. */
  readonly requests: readonly HttpRequest[];
  /** How many are under way at the same time. */
  readonly ways: number;
  /** Whether each way has a connection of its own, also with HTTP/2. */
  readonly ownConnections?: boolean;
  readonly http: HttpVersion;
  readonly seconds: number;
}

/** What was answered, and what that took. */
export interface LoadReport {
  readonly answers: number;
  /** Of the answers' bodies. */
  readonly bytes: number;
  readonly spent: Spent;
}

/** Sends a load to a server. Rejects when an answer is not 2xx. */
export type LoadGenerator = (side: Side, load: Load) => Promise<LoadReport>;

/** The clients are in this process, with a client certificate. Each way gets one answer at least. */
export const loadFromHere: LoadGenerator = async (side, load) => {
  const { requests, ways } = load;
  await using clients = await clientsOf(side.access, load);
  let sent = 0;
  let answers = 0;
  let bytes = 0;
  const spent = await spentOn(side, async () => {
    const endMs = performance.now() + load.seconds * 1000;
    const send = async (way: number) => {
      do {
        const request = requests[sent++ % requests.length];
        if (request === undefined) throw new Error("Cannot send a load of no requests");
        const length = await clients.ask(way, request);
        bytes += length;
        answers++;
      } while (performance.now() < endMs);
    };
    await Promise.all(Array.from({ length: ways }, (_, way) => send(way)));
  });
  return { answers, bytes, spent };
};

async function clientsOf(access: Access, { http, ways, ownConnections = false }: Load) {
  const count = ownConnections ? ways : 1;
  const clients = await Promise.all(Array.from({ length: count }, () => openHttpClient(access, http, ways / count)));
  return {
    async ask(way: number, request: HttpRequest): Promise<number> {
      return (await clients[way % count]?.ask(request)) ?? 0;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) await client[Symbol.asyncDispose]();
    },
  };
}
