import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { readLines } from "./read-body.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const PIECES = 1_000;
/** V8 may still hold what the last few steps used. */
const HELD_MAX = 20;

test("a body that goes on does not hold the pieces that were read", async () => {
  const pieces: WeakRef<Uint8Array>[] = [];
  const stopped = new AbortController();
  async function* body(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < PIECES; i++) {
      const piece = new TextEncoder().encode(`line ${i}\n`);
      pieces.push(new WeakRef(piece));
      yield piece;
    }
    await new Promise<never>(() => {});
  }
  const lines = readLines(body(), stopped.signal);
  for (let i = 0; i < PIECES; i++) assert.equal((await lines.next()).value, `line ${i}`);

  const silent = lines.next();
  // A WeakRef keeps its target until the current turn of the event loop has ended.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  const held = pieces.filter((piece) => piece.deref() !== undefined).length;
  assert.ok(held <= HELD_MAX, `${held} of ${PIECES} pieces are held`);

  stopped.abort(new Error("enough"));
  await assert.rejects(silent, { message: "enough" });
});

test("a signal that was aborted before ends the lines at once", async () => {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode("never read\n");
  }
  const lines = readLines(body(), AbortSignal.abort(new Error("too late")));
  await assert.rejects(lines.next(), { message: "too late" });
});
