import { ftruncateSync, openSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { WriteOperation } from "../store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

// Started by store-full-disk.test.ts, and killed at a moment it does not know. Keeps the disk of the store full or nearly
// full, writes and deletes, and reports line by line: `try KEY VALUE` before a write, `acked KEY VALUE` or `refused KEY VALUE`
// after it, where VALUE is `-` for a deletion; `full` and `room` when the store says so.

const WRITERS = 4;
const KEYS = 40;
const VALUE_BYTES_MAX = 100_000;
const CHUNK = Buffer.alloc(64 * 1024, "f");

const [file = "", filler = "", run = "", report = "", reserveBytes = ""] = process.argv.slice(2);
const reportFd = openSync(report, "w");
const say = (line: string) => void writeSync(reportFd, `${line}\n`);
const log = {
  debug: () => {},
  info: () => say("room"),
  warn: () => say("full"),
  error: () => {},
  with: () => log,
};
const store = await openSqliteStore({ file, reserveBytes: Number(reserveBytes), log });

/** Whether the write was not refused. */
async function write(operation: WriteOperation, value: string): Promise<boolean> {
  say(`try ${operation.key} ${value}`);
  try {
    await store.txn({ compare: [], success: [operation] });
    say(`acked ${operation.key} ${value}`);
    return true;
  } catch (error) {
    if (!(error instanceof Error) || !/disk is full/.test(error.message)) throw error;
    say(`refused ${operation.key} ${value}`);
    return false;
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
  const fd = openSync(filler, "w");
  for (;;) {
    let bytes = 0;
    try {
      for (;;) bytes += writeSync(fd, CHUNK);
    } catch {
      say("filled");
    }
    await sleep(Math.random() * 200);
    ftruncateSync(fd, Math.floor(Math.random() * bytes));
    await sleep(Math.random() * 50);
    ftruncateSync(fd, 0);
  }
}

process.stdout.write("ready\n");
await Promise.all([...Array.from({ length: WRITERS }, (_, i) => writeAndDelete(i)), fillDisk()]);
