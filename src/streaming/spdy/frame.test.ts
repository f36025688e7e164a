import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createFrameDecoder } from "./decode-frame.ts";
import { encodeFrame } from "./encode-frame.ts";
import type { Frame } from "./frame.ts";
import { createHeaderCompressor, createHeaderDecompressor } from "./header-block.ts";
import { ProtocolError } from "./protocol-error.ts";

const plainFrames: { name: string; frame: Frame; hex: string }[] = [
  {
    name: "data with FIN",
    frame: { type: "data", streamId: 5, fin: true, data: Buffer.from("hi") },
    hex: "00000005 01000002 6869",
  },
  { name: "reset", frame: { type: "rstStream", streamId: 1, status: 5 }, hex: "80030003 00000008 00000001 00000005" },
  { name: "ping", frame: { type: "ping", id: 2 }, hex: "80030006 00000004 00000002" },
  {
    name: "go away",
    frame: { type: "goaway", lastGoodStreamId: 7, status: 1 },
    hex: "80030007 00000008 00000007 00000001",
  },
  {
    name: "window update",
    frame: { type: "windowUpdate", streamId: 3, deltaBytes: 65_536 },
    hex: "80030009 00000008 00000003 00010000",
  },
  { name: "settings", frame: { type: "settings" }, hex: "80030004 00000004 00000000" },
];

for (const { name, frame, hex } of plainFrames) {
  test(`frame on the wire: ${name}`, () => {
    const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
    assert.equal(Buffer.from(encodeFrame(frame, createHeaderCompressor())).toString("hex"), bytes.toString("hex"));
    assert.deepEqual(decoder().push(bytes).map(comparable), [comparable(frame)]);
  });
}

test("reads a SYN_STREAM whose headers zlib compressed with the dictionary", () => {
  const bytes = Buffer.from(
    "800300010000002c000000010000000000007 8f9e3c6a7c202e50e507ab442a45a77d7105006b32a4804974d8cfa00000000ffff".replace(
      " ",
      "",
    ),
    "hex",
  );
  const [frame] = decoder().push(bytes);
  assert.ok(frame?.type === "synStream");
  assert.deepEqual(
    [...frame.headers],
    [
      [":method", "GET"],
      [":path", "/"],
    ],
  );
});

const headers = fc
  .dictionary(fc.stringMatching(/^[a-z-]{1,20}$/), fc.string({ maxLength: 50 }))
  .map((fields) => new Map(Object.entries(fields)));
const streamId = fc.integer({ min: 1, max: 0x7fffffff });
const anyFrame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ type: fc.constant("synStream"), streamId, fin: fc.boolean(), unidirectional: fc.boolean(), headers }),
  fc.record({ type: fc.constant("synReply"), streamId, fin: fc.boolean(), headers }),
  fc.record({ type: fc.constant("headers"), streamId, fin: fc.boolean(), headers }),
  fc.record({
    type: fc.constant("data"),
    streamId,
    fin: fc.boolean(),
    data: fc.uint8Array({ minLength: 1, maxLength: 100 }),
  }),
  fc.record({ type: fc.constant("ping"), id: fc.integer({ min: 1, max: 1000 }) }),
);

test("frames come back the same however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 10 }), fc.integer({ min: 1, max: 40 }), (frames, pieceBytes) => {
      const compress = createHeaderCompressor();
      const bytes = Buffer.concat(frames.map((frame) => encodeFrame(frame, compress)));
      const read = decoder();
      const got: Frame[] = [];
      for (let at = 0; at < bytes.length; at += pieceBytes) got.push(...read.push(bytes.subarray(at, at + pieceBytes)));
      assert.deepEqual(withDataJoined(got), withDataJoined(frames));
    }),
  );
});

test("arbitrary bytes give frames or a ProtocolError", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, control) => {
      const start = control ? [0x80, 0x03, 0x00] : [];
      try {
        decoder().push(Uint8Array.of(...start, ...bytes));
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

const refused: { name: string; hex: string; want: RegExp }[] = [
  { name: "another version", hex: "80020001 00000000", want: /control frame of version 2/ },
  { name: "data for stream 0", hex: "00000000 00000000", want: /data frame for stream 0/ },
  { name: "a reset without status", hex: "80030003 00000004 00000001", want: /type 3 with 4 bytes/ },
  { name: "a huge control frame", hex: "80030001 00ffffff", want: /control frame of 16777215 bytes/ },
  { name: "a reset of stream 0", hex: "80030003 00000008 00000000 00000001", want: /for stream 0/ },
];
for (const { name, hex, want } of refused) {
  test(`refused: ${name}`, () => {
    assert.throws(() => decoder().push(Buffer.from(hex.replaceAll(" ", ""), "hex")), want);
  });
}

function decoder() {
  return createFrameDecoder(createHeaderDecompressor());
}

function comparable(frame: Frame): object {
  if (frame.type === "data") return { ...frame, data: Buffer.from(frame.data).toString("hex") };
  return "headers" in frame ? { ...frame, headers: [...frame.headers] } : { ...frame };
}

/** Puts adjacent pieces of data on one stream together, as far as a FIN. */
function withDataJoined(frames: readonly Frame[]): object[] {
  const joined: Frame[] = [];
  for (const frame of frames) {
    const last = joined.at(-1);
    if (frame.type === "data" && last?.type === "data" && last.streamId === frame.streamId && !last.fin) {
      joined[joined.length - 1] = { ...frame, data: Buffer.concat([last.data, frame.data]) };
    } else joined.push(frame);
  }
  return joined.map(comparable);
}
