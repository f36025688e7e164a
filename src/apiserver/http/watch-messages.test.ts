import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { watchMessages } from "./watch-messages.ts";

/** Cuts bytes into pieces of these sizes, and the rest into one. */
async function* pieces(bytes: Uint8Array, sizes: readonly number[]) {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

const sizes = fc.array(fc.nat(20), { maxLength: 20 });

test("events in protobuf are found however the bytes come", async () => {
  const events = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(events, sizes, async (given, cuts) => {
      const framed = given.flatMap((event) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(event.byteLength);
        return [length, event];
      });
      const found: Buffer[] = [];
      const type = "application/vnd.kubernetes.protobuf;stream=watch";
      for await (const message of watchMessages(pieces(Buffer.concat(framed), cuts), type)) {
        found.push(Buffer.from(message));
      }
      assert.deepEqual(
        found,
        given.map((event) => Buffer.from(event)),
      );
    }),
  );
});

test("events in JSON are found however the bytes come", async () => {
  const events = fc.array(fc.stringMatching(/^[a-z{}]{0,12}$/), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(events, sizes, async (given, cuts) => {
      const lines = given.map((event) => `${event}\n`);
      const found: (string | Uint8Array)[] = [];
      for await (const message of watchMessages(pieces(Buffer.from(lines.join("")), cuts), "application/json")) {
        found.push(message);
      }
      assert.deepEqual(found, lines);
    }),
  );
});
