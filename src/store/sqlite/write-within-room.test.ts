import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { silentLogger } from "@fairlead/lib/log";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { put, write } from "../store.testing.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { writeWithinRoom } from "./write-within-room.ts";
import type { WriteRequest, Writer } from "./writer.ts";

const MIB = 1024 * 1024;
const request: WriteRequest = { compare: [], success: [{ key: "/a", value: new Uint8Array() }], failure: [] };

/** A writer that finds no room until the reserve has been given up several times, and what it reports. */
function start({ maxBytes, hasRoom, needs }: { maxBytes?: number; hasRoom: boolean; needs: number }) {
  const seen: string[] = [];
  let givenUp = 0;
  const writer: Writer = {
    newest: () => 1,
    commit() {
      if (givenUp < needs) throw Object.assign(new Error("database or disk is full"), { errcode: 13 });
      return [];
    },
    expire: () => undefined,
    startCompaction: () => {},
    compactSome: () => false,
    emptyTail: () => {},
  };
  const reserve = {
    bytes: 4 * MIB,
    isWhole: () => givenUp === 0,
    hasRoom: () => hasRoom,
    giveUpSome: () => {
      givenUp += 1;
      seen.push("given up");
      return true;
    },
    fill: () => void seen.push("filled"),
    fillIfWhole: () => {},
    close: () => {},
  };
  const db = new DatabaseSync(":memory:");
  const onFull = (isFull: boolean) => void seen.push(isFull ? "full" : "room");
  return { seen, writer: writeWithinRoom(writer, { db, file: "store.db", reserve, maxBytes, onFull }) };
}

test("a full disk takes from the reserve, whether or not the file has a limit", () => {
  for (const limit of [{}, { maxBytes: MIB }]) {
    const { seen, writer } = start({ ...limit, hasRoom: false, needs: 1 });
    writer.commit([request], false);
    assert.deepEqual(seen, ["given up", "full", "filled"]);
  }
});

test("the limit of the file takes nothing from the reserve, while the disk has room for it", () => {
  const { seen, writer } = start({ maxBytes: MIB, hasRoom: true, needs: 1 });
  for (let i = 0; i < 3; i++) assert.throws(() => writer.commit([request], false), /raise its limit of 1048576 bytes/);
  assert.deepEqual(seen, []);
});

test("a store at its limit leaves its reserve on the disk alone, and does not call the disk full", async (t) => {
  const file = path.join(await temporaryFolder(t), "store.db");
  const logged: string[] = [];
  const log = {
    ...silentLogger,
    warn: (message: string) => void logged.push(message),
    info: (message: string) => void logged.push(message),
  };
  await using store = await openSqliteStore({ file, maxBytes: 300_000, reserveBytes: MIB, log });
  const reserve = async () => {
    const { size, mtimeMs, ctimeMs } = await stat(`${file}-reserve`);
    return { size, mtimeMs, ctimeMs };
  };
  const before = await reserve();
  assert.equal(before.size, MIB);
  for (let i = 0; i < 3; i++) {
    await assert.rejects(write(store, put("/large", "x".repeat(1_000_000))), /raise its limit of 300000 bytes/);
    await write(store, put("/small", `${i}`));
  }
  assert.deepEqual([await reserve(), logged], [before, []]);
});
