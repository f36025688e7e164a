import { type Access, ask, openConnection } from "../connection.ts";
import { nowMs } from "../now-ms.ts";
import { percentile } from "../percentile.ts";
import { startReaderThread } from "../reader-thread.ts";
import type { Placement } from "./placement.ts";
import type { WatchOrder, WatchReport } from "./watch-thread.ts";
import { writePod } from "./write-pod.ts";

/** Writes under way at the same time. */
export const WRITERS = 16;
/** More than any machine makes. */
const WRITES_MAX = 1_000_000;

export interface EventsRequest {
  readonly access: Access;
  readonly placement: Placement;
  readonly watches: number;
  readonly seconds: number;
  /** Processor seconds that the server has used so far. */
  serverSeconds(): Promise<number>;
}

export interface EventFigures {
  readonly writesPerSecond: number;
  readonly eventsPerSecond: number;
  /** Events that did not come within a minute. */
  readonly missing: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Processor seconds of the server for 1,000 writes, events included. */
  readonly secondsPer1000: number;
}

/** Changes pods of different namespaces at full speed while clients watch all of them. */
export async function measureEvents(request: EventsRequest): Promise<EventFigures> {
  const { access, placement, watches, seconds, serverSeconds } = request;
  await using connection = await openConnection(access);
  const { session } = connection;
  const { metadata } = JSON.parse(await ask(session, { path: "/api/v1/pods?limit=1" }));
  const sentMs = new Float64Array(new SharedArrayBuffer(WRITES_MAX * Float64Array.BYTES_PER_ELEMENT));
  const order: WatchOrder = { access, watches, resourceVersion: metadata.resourceVersion, sentMs };
  await using thread = startReaderThread<WatchReport>(new URL("watch-thread.ts", import.meta.url), order);
  await thread.begun;

  const before = await serverSeconds();
  const startedMs = nowMs();
  let next = 0;
  const writer = async () => {
    while (nowMs() - startedMs < seconds * 1000 && next < WRITES_MAX) {
      const number = next++;
      sentMs[number] = nowMs();
      await writePod(session, placement, number);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  const writesPerSecond = (next * 1000) / (nowMs() - startedMs);
  const report = await thread.report(next * watches);
  return {
    writesPerSecond,
    eventsPerSecond: (report.events * 1000) / (report.lastMs - startedMs),
    missing: next * watches - report.events,
    medianMs: percentile(report.latenciesMs, 0.5),
    p99Ms: percentile(report.latenciesMs, 0.99),
    secondsPer1000: (((await serverSeconds()) - before) * 1000) / next,
  };
}
