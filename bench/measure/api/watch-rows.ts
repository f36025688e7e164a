import { setTimeout as pause } from "node:timers/promises";
import { ask, openConnection } from "../connection.ts";
import { nowMs } from "../now-ms.ts";
import { percentile } from "../percentile.ts";
import { memoryMiB } from "../processes.ts";
import { startReaderThread } from "../reader-thread.ts";
import { costs, type Figure } from "./figure.ts";
import { openHttpClient } from "./http-client.ts";
import { changeConfigMap, configMapPath, configMapsPath } from "./objects-of-run.ts";
import type { Row, Run } from "./row.ts";
import { spentOn } from "./spent.ts";
import type { WatchOrder, WatchReport } from "./watch-thread.ts";

const UPDATES_PER_SECOND = 100;
/** Updates under way at the same time. */
const WAYS = 16;
/** With fewer connections the server's memory changes more by collections of its garbage than by them. */
const WEIGHED_MIN = 1_000;

/** One object is changed while clients watch all of them over HTTP/1.1, each with a TLS connection of its own. */
export const watchRows: readonly Row[] = [100, 1_000].map((clients) => {
  const name = `watch, ${clients.toLocaleString("en")} clients`;
  return { name, measure: (run) => measureWatches(run, name, clients) };
});

async function measureWatches(run: Run, name: string, clients: number): Promise<readonly Figure[]> {
  const { side, namespaces, seconds } = run;
  const memory = () => (side.pids.length === 0 ? Number.NaN : memoryMiB(side.pids));
  const path = configMapsPath(namespaces.read);
  const offeredMax = seconds * UPDATES_PER_SECOND;
  const sentMs = new Float64Array(new SharedArrayBuffer(offeredMax * Float64Array.BYTES_PER_ELEMENT));
  const order: WatchOrder = {
    ...{ access: side.access, watches: clients, sentMs },
    path: `${path}?watch=1&resourceVersion=${await listVersion(run, path)}`,
  };
  await using writers = await openHttpClient(side.access, run.http, WAYS);
  const before = await memory();
  await using thread = startReaderThread<WatchReport>(new URL("watch-thread.ts", import.meta.url), order);
  await thread.begun;
  const perConnection = (((await memory()) - before) * 1024) / clients;

  let report: WatchReport | undefined;
  let updates = 0;
  const spent = await spentOn(side, async () => {
    const startedMs = nowMs();
    let next = 0;
    const writer = async () => {
      for (let number = next++; number < offeredMax; number = next++) {
        await pause(Math.max(0, startedMs + (number / UPDATES_PER_SECOND) * 1000 - nowMs()));
        if (nowMs() - startedMs > seconds * 1000) return;
        sentMs[number] = nowMs();
        await writers.ask(changeConfigMap(configMapPath(namespaces.read, 0), `${number} ${run.newName()}`));
        updates++;
      }
    };
    await Promise.all(Array.from({ length: WAYS }, writer));
    report = await thread.report(updates * clients);
  });
  if (report === undefined) throw new Error("The watches' thread gave no report");
  if (report.events !== updates * clients) throw new Error(`${report.events} events came for ${updates} updates`);
  return [
    {
      name: `${name}: updates (${UPDATES_PER_SECOND} offered)`,
      ...{ value: updates / spent.seconds, unit: "/s", better: "more" },
      ...costs(spent, report.events),
    },
    { name: `${name}: p99`, value: percentile(report.latenciesMs, 0.99), unit: "ms", better: "less" },
    ...(clients < WEIGHED_MIN ? [] : [connectionFigure(name, perConnection)]),
  ];
}

function connectionFigure(name: string, kib: number): Figure {
  return { name: `${name}: a connection`, value: kib, unit: "KiB", better: "less" };
}

async function listVersion({ side }: Run, path: string): Promise<string> {
  await using connection = await openConnection(side.access);
  const { metadata } = JSON.parse(await ask(connection.session, { path: `${path}?limit=1` }));
  return metadata.resourceVersion;
}
