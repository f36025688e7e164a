import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, createDeflate, type Deflate } from "node:zlib";
import fc from "fast-check";
import { headerDictionary, headerDictionaryId } from "./dictionary.ts";
import { createInflater } from "./inflate.ts";
import { ProtocolError } from "./protocol-error.ts";

/** Compresses pieces one after the other with zlib itself, each ended by a sync flush. */
async function deflated(pieces: readonly Uint8Array[], level: number): Promise<Uint8Array[]> {
  const deflate = createDeflate({ dictionary: headerDictionary, level });
  const results: Uint8Array[] = [];
  for (const piece of pieces) results.push(await flushed(deflate, piece));
  deflate.close();
  return results;
}

function flushed(deflate: Deflate, piece: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const collect = (chunk: Buffer) => chunks.push(chunk);
    deflate.on("data", collect);
    deflate.write(piece);
    deflate.flush(constants.Z_SYNC_FLUSH, () => {
      deflate.off("data", collect);
      resolve(Buffer.concat(chunks));
    });
  });
}

const words = fc.array(
  fc.oneof(fc.constantFrom("streamtype", "stdin", "text/html,", "content-length"), fc.string({ maxLength: 300 })),
);

test("reads what zlib compressed, piece by piece, at every level", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(words, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(0, 1, 6, 9),
      async (texts, level) => {
        const pieces = texts.map((parts) => Buffer.from(parts.join("")));
        const inflater = createInflater(headerDictionary, headerDictionaryId, 1_000_000);
        for (const [i, compressed] of (await deflated(pieces, level)).entries()) {
          assert.deepEqual(Buffer.from(inflater.inflate(compressed)), pieces[i]);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("anything else is a ProtocolError, never a hang or another error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, withHeader) => {
      const piece = withHeader ? Uint8Array.of(0x78, 0xf9, 0xe3, 0xc6, 0xa7, 0xc2, ...bytes) : bytes;
      try {
        createInflater(headerDictionary, headerDictionaryId, 10_000).inflate(piece);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test("a piece that would grow beyond the limit is refused", async () => {
  const [bomb = new Uint8Array()] = await deflated([new Uint8Array(100_000)], 9);
  const inflater = createInflater(headerDictionary, headerDictionaryId, 65_536);
  assert.throws(() => inflater.inflate(bomb), /larger than 65536 bytes/);
});
