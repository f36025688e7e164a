import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { compressed } from "./compression.ts";

const PIECES = 40;
const piece = (number: number) => Buffer.alloc(10_000, `${number},`);
const request = { headers: { "accept-encoding": "gzip" } };
const all = Buffer.concat(Array.from({ length: PIECES }, (_, number) => piece(number)));

function answered(body: AsyncIterable<Uint8Array>) {
  return compressed(request, { status: 200, headers: {}, body }, all.byteLength).body;
}

test("a body that takes its pieces back gets each one before it makes the next", async () => {
  let given = 0;
  const pieces = async function* () {
    const memory = Buffer.alloc(10_000);
    for (let number = 0; number < PIECES; number++) {
      assert.equal(given, number);
      piece(number).copy(memory);
      yield memory;
    }
  };
  const body = answered({ [Symbol.asyncIterator]: pieces, giveBack: () => given++ } as AsyncIterable<Uint8Array>);
  assert.ok(gunzipSync(await buffer(body)).equals(all));
});

test("a body that fails fails the answer", async () => {
  const body = answered(
    (async function* () {
      yield piece(0);
      throw new Error("no more");
    })(),
  );
  await assert.rejects(buffer(body), /no more/);
});

test("a body ends with its reader", async () => {
  const ended = Promise.withResolvers<void>();
  const body = answered(
    (async function* () {
      try {
        for (;;) yield piece(0);
      } finally {
        ended.resolve();
      }
    })(),
  );
  for await (const _ of body) break;
  await ended.promise;
});
