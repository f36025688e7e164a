import { openSync, writeSync } from "node:fs";
import { prefixEnd } from "../store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

// Started by crash.test.ts, and killed at a moment it does not know. Says "ready" and then writes to a file, line by
// line, what was promised or shown:
// `acked REVISION KEY`, `watched REVISION KEY`, `read REVISION KEY`.

const [file = "", run = "", report = ""] = process.argv.slice(2);
const reportFd = openSync(report, "w");
const say = (what: string, revision: number, key: string) => writeSync(reportFd, `${what} ${revision} ${key}\n`);
const store = await openSqliteStore({ file });
const all = { start: "/", end: prefixEnd("/") };
/** Every other run writes what goes into the tail of the log, with an ordinary write now and then. */
const [newKeyEvery, maxDelayMs] = Number(run) % 2 === 0 ? [1, 0] : [40, 1];

async function write(writer: number): Promise<void> {
  for (let i = 0; ; i++) {
    const isShared = i % 4 === 0 || i % newKeyEvery > 0;
    const key = isShared ? `/shared/${writer}` : `/k/${run}/${writer}/${i}`;
    const value = new TextEncoder().encode(`${run} ${writer} ${i}`.padEnd(500, "."));
    const { revision } = await store.txn({
      compare: [],
      success: [{ type: "put", key, value }],
      maxDelayMs: isShared ? maxDelayMs : 0,
    });
    say("acked", revision, key);
  }
}

async function watch(): Promise<void> {
  const fromRevision = (await store.revision()) + 1;
  for await (const { events } of store.watch({ ...all, fromRevision, signal: new AbortController().signal })) {
    for (const event of events) if (event.type === "put") say("watched", event.item.modRevision, event.item.key);
  }
}

async function read(): Promise<void> {
  for (let seen = 0; ; await new Promise(setImmediate)) {
    const { items } = await store.range({ start: "/shared/", end: prefixEnd("/shared/") });
    for (const item of items) if (item.modRevision > seen) say("read", item.modRevision, item.key);
    seen = Math.max(seen, ...items.map((item) => item.modRevision));
  }
}

process.stdout.write("ready\n");
await Promise.all([...[1, 2, 3, 4].map(write), watch(), read()]);
