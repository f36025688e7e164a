/**
 * How fast the stores are: durable writes one after another and 64 at a time, reads, and ranges of 500; then the processor
 * seconds that 40,000 keys take in pages of 500 as of an earlier revision, counted on the first page.
 *
 *     node bench/store.ts [seconds=3] [folder=.]
 *
 * The folder's disk decides how fast a durable write can be.
 */
import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { createMemoryStore } from "../src/store/memory/memory-store.ts";
import { openSqliteStore } from "../src/store/sqlite/sqlite-store.ts";
import type { Store } from "../src/store/store.ts";
import { prefixEnd } from "../src/store/store.ts";

const [secondsText = "3", where = "."] = process.argv.slice(2);
const seconds = Number(secondsText);
const KEYS = 40_000;
const PAGE_KEYS = 500;
/** A small object's size. */
const value = new Uint8Array(750).fill(120);
const keyOf = (i: number) => `/registry/configmaps/bench/object-${String(i % KEYS).padStart(6, "0")}`;

const folder = await mkdtemp(path.join(where, "bench-store-"));
try {
  const header = ["store", "put/s serial", "put/s 64-way", "get/s", "rows/s in ranges of 500", "CPU s for all pages"];
  process.stdout.write(`${header.join("\t")}\n`);
  await measure("memory", createMemoryStore());
  await measure("sqlite", await openSqliteStore({ file: path.join(folder, "store.db") }));
} finally {
  await rm(folder, { recursive: true });
}

async function measure(name: string, store: Store): Promise<void> {
  let next = 0;
  const put = async () => {
    await store.txn({ compare: [], success: [{ type: "put", key: keyOf(next++), value }] });
  };
  const serial = await perSecond(1, put);
  const parallel = await perSecond(64, put);
  while (next < KEYS) await Promise.all(Array.from({ length: 500 }, put));
  const gets = await perSecond(1, async () => {
    await store.get(keyOf(next++ * 7_919));
  });
  let start = "/registry/";
  const ranges = await perSecond(1, async () => {
    const { items } = await store.range({ start, end: prefixEnd("/registry/"), limit: PAGE_KEYS });
    const last = items.at(-1);
    start = last === undefined || items.length < PAGE_KEYS ? "/registry/" : `${last.key}\0`;
  });
  const pagesSeconds = await pastPages(store, put);
  await store.close();
  const figures = [serial, parallel, gets, ranges * PAGE_KEYS].map((n) => Math.round(n).toLocaleString("en"));
  process.stdout.write(`${[name, ...figures, pagesSeconds.toFixed(2)].join("\t")}\n`);
}

/** Reads every key as of a revision that is no longer the newest, page by page. Answers processor seconds. */
async function pastPages(store: Store, put: () => Promise<void>): Promise<number> {
  const revision = await store.revision();
  await put();
  const end = prefixEnd("/registry/");
  const before = process.cpuUsage();
  let start = "/registry/";
  for (let counts = true; ; counts = false) {
    const { items } = await store.range({ start, end, revision, limit: PAGE_KEYS, counts });
    const last = items.at(-1);
    if (last === undefined) break;
    start = `${last.key}\0`;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** How often `work` is done in a second, by `ways` callers at once. */
async function perSecond(ways: number, work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  const endMs = startMs + seconds * 1000;
  let count = 0;
  const caller = async () => {
    for (; performance.now() < endMs; count++) await work();
  };
  await Promise.all(Array.from({ length: ways }, caller));
  return (count / (performance.now() - startMs)) * 1000;
}
