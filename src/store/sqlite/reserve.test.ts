import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { openReserve } from "./reserve.ts";

const MIB = 1024 * 1024;

/** A reserve of 4 MiB on a disk that other files fill but for some room. */
async function start(t: TestContext, totalBytes: number) {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, "reserve");
  let roomBytes = 0;
  const heldMiB = async () => (await stat(file)).size / MIB;
  const open = () => {
    const reserve = openReserve({
      file,
      bytes: 4 * MIB,
      disk: () => ({ totalBytes, freeBytes: roomBytes - reserved() }),
    });
    t.after(() => reserve.close());
    return reserve;
  };
  let reserved = () => 0;
  return {
    open,
    heldMiB,
    /** How much room there is for the reserve and what is free beside it. */
    room: (mib: number, held: number) => {
      roomBytes = mib * MIB;
      reserved = () => held * MIB;
    },
  };
}

test("a reserve is made when it leaves half of its size free, and given up by halves", async (t) => {
  const { open, heldMiB, room } = await start(t, 1_024 * MIB);
  const reserve = open();
  room(5.9, 0);
  reserve.fillIfWhole();
  assert.deepEqual([reserve.isWhole(), await heldMiB()], [false, 0]);
  room(6, 0);
  reserve.fillIfWhole();
  assert.deepEqual([reserve.isWhole(), await heldMiB()], [true, 4]);
  const sizes: number[] = [];
  while (reserve.giveUpSome()) sizes.push(await heldMiB());
  assert.deepEqual([sizes, reserve.isWhole()], [[2, 1, 0.5, 0], false]);
});

test("a reserve takes what is free beside its spare half, and keeps it when it is opened again", async (t) => {
  const { open, heldMiB, room } = await start(t, 1_024 * MIB);
  const reserve = open();
  room(1, 0);
  reserve.fill();
  assert.equal(await heldMiB(), 0);
  room(3, 0);
  reserve.fill();
  assert.equal(await heldMiB(), 1);
  room(2, 1);
  reserve.fill();
  assert.equal(await heldMiB(), 1, "less room takes nothing away");
  const again = open();
  room(100, 1);
  again.fill();
  assert.deepEqual([again.isWhole(), await heldMiB()], [true, 4]);
});

test("a reserve is at most a sixteenth of a small disk", async (t) => {
  const { open, heldMiB, room } = await start(t, 16 * MIB);
  const reserve = open();
  room(16, 0);
  reserve.fillIfWhole();
  assert.deepEqual([reserve.bytes, reserve.isWhole(), await heldMiB()], [MIB, true, 1]);
});
