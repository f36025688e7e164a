import { ftruncateSync, openSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { WriteOperation } from "../store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

// Started by store-full-disk.test.ts, and killed at a moment it does not know. Keeps the disk of the store full or nearly
// full, writes and deletes, and reports line by line: `try KEY VALUE` before a write, `acked KEY VALUE` or `refused KEY VALUE`
// after it, where VALUE is `-` for a deletion; `full` and `room` when the store says so. The disk is filled while the store
// writes (`race`), when what the store gives up of its reserve may be taken by the filler, or while it does not (`rest`).

const WRITERS = 4;
const KEYS = 40;
const VALUE_BYTES_MAX = 100_000;
const CHUNK = Buffer.alloc(64 * 1024, "f");

const [file = "", filler = "", run = "", report = "", reserveBytes = "", filling = ""] = process.argv.slice(2);
const fillerFd = openSync(filler, "a");
const reportFd = openSync(report, "w");
const say = (line: string) => void writeSync(reportFd, `${line}\n`);
const log = {
  debug: () => {},
  info: () => say("room"),
  warn: () => say("full"),
  error: () => {},
  with: () => log,
};
if (filling === "rest") ftruncateSync(fillerFd, 0);
const store = await openSqliteStore({ file, reserveBytes: Number(reserveBytes), log });
const underWay = new Set<Promise<unknown>>();
/** While the disk is filled in a `rest`. */
let rest: Promise<void> | undefined;

/** Whether the write was not refused. */
async function write(operation: WriteOperation, value: string): Promise<boolean> {
  await rest;
  say(`try ${operation.key} ${value}`);
  const written = store.txn({ compare: [], success: [operation] });
  underWay.add(written);
  try {
    await written;
    say(`acked ${operation.key} ${value}`);
    return true;
  } catch (error) {
    if (!(error instanceof Error) || !/disk is full/.test(error.message)) throw error;
    say(`refused ${operation.key} ${value}`);
    return false;
  } finally {
    underWay.delete(written);
  }
}

async function writeAndDelete(writer: number): Promise<void> {
  for (let i = 0; ; i++) {
    const value = `${run}.${i}`;
    const padded = new TextEncoder().encode(value.padEnd(1 + Math.random() * VALUE_BYTES_MAX));
    const isRefused = !(await write({ type: "put", key: `/${writer}/${i % KEYS}`, value: padded }, value));
    if (!isRefused && i % 4 > 0) continue;
    const key = `/${writer}/${(i + KEYS / 2) % KEYS}`;
    if ((await store.get(key)).item !== undefined) await write({ type: "delete", key }, "-");
  }
}

/** Takes all of the disk, and after a while frees a part again. */
async function fillDisk(): Promise<void> {
  for (;;) {
    ftruncateSync(fillerFd, 0);
    const bytes = filling === "rest" ? await resting(takeAll) : takeAll();
    await sleep(Math.random() * 200);
    ftruncateSync(fillerFd, Math.floor(Math.random() * bytes));
    await sleep(Math.random() * 50);
  }
}

/** Returns how many bytes it took. */
function takeAll(): number {
  let bytes = 0;
  try {
    for (;;) bytes += writeSync(fillerFd, CHUNK);
  } catch {
    say("filled");
  }
  return bytes;
}

/** Does the work while no write is under way. */
async function resting<T>(work: () => T): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<void>();
  rest = promise;
  await Promise.allSettled(underWay);
  const result = work();
  rest = undefined;
  resolve();
  return result;
}

process.stdout.write("ready\n");
await Promise.all([...Array.from({ length: WRITERS }, (_, i) => writeAndDelete(i)), fillDisk()]);
