import { setTimeout as pause } from "node:timers/promises";
import { type Access, ask, openConnection } from "./connection.ts";
import type { ListOrder, ListReport } from "./list-thread.ts";
import { percentile } from "./percentile.ts";
import { startReaderThread } from "./reader-thread.ts";

/** Between two reads, in milliseconds. */
const INTERVAL_MS = 20;

export interface SmallReadsRequest {
  readonly access: Access;
  /** The path of each read, by its number from 0. */
  readPath(number: number): string;
  /** The path that other clients list without a limit. */
  readonly listPath: string;
  /** How many clients list. */
  readonly clients: number;
  readonly seconds: number;
}

export interface SmallReadFigures {
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Lists that were read to their end meanwhile. */
  readonly lists: number;
  readonly listedMiBPerSecond: number;
}

/** Reads one object every 20 ms while other clients list all of them. A read is sent when it is due, whatever those before it do. */
export async function measureSmallReads(request: SmallReadsRequest): Promise<SmallReadFigures> {
  const { access, readPath, listPath, clients, seconds } = request;
  await using connection = await openConnection(access);
  const { session } = connection;
  const order: ListOrder = { access, clients, path: listPath };
  await using thread = startReaderThread<ListReport>(new URL("list-thread.ts", import.meta.url), order);
  await thread.begun;

  const startedMs = performance.now();
  const read = async (number: number) => {
    const dueMs = startedMs + number * INTERVAL_MS;
    await pause(Math.max(0, dueMs - performance.now()));
    await ask(session, { path: readPath(number) });
    return performance.now() - dueMs;
  };
  const count = Math.ceil((seconds * 1000) / INTERVAL_MS);
  const tookMs = await Promise.all(Array.from({ length: count }, (_, number) => read(number)));
  const tookSeconds = (performance.now() - startedMs) / 1000;
  const report = await thread.report("stop");
  return {
    medianMs: percentile(tookMs, 0.5),
    p99Ms: percentile(tookMs, 0.99),
    maxMs: Math.max(...tookMs),
    lists: report.lists,
    listedMiBPerSecond: report.bytes / 1024 ** 2 / tookSeconds,
  };
}
