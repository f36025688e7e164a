import assert from "node:assert/strict";
import { test } from "node:test";
import * as der from "./der.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

const rows: { name: string; have: Buffer; want: string }[] = [
  { name: "an object identifier", have: der.objectIdentifier("1.2.840.10045.4.3.2"), want: "06082a8648ce3d040302" },
  { name: "a short one", have: der.objectIdentifier("2.5.29.14"), want: "0603551d0e" },
  { name: "an integer", have: der.integer(Buffer.from([0x02])), want: "020102" },
  { name: "text", have: der.utf8String("ü"), want: "0c02c3bc" },
  { name: "a truth", have: der.boolean(true), want: "0101ff" },
  { name: "bits", have: der.bitString(Buffer.from([0x80]), 7), want: "03020780" },
  {
    name: "a sequence",
    have: der.sequence(der.boolean(false), der.integer(Buffer.from([1]))),
    want: "3006010100020101",
  },
  { name: "a tag", have: der.tagged(3, der.sequence()), want: "a3023000" },
  { name: "bytes under a tag", have: der.taggedBytes(2, Buffer.from("a")), want: "820161" },
  {
    name: "a time",
    have: der.time(new Date("2049-12-31T23:59:59.999Z")),
    want: hex(Buffer.from("\x17\x0d491231235959Z")),
  },
  {
    name: "a late time",
    have: der.time(new Date("2050-01-01T00:00:00Z")),
    want: hex(Buffer.from("\x18\x0f20500101000000Z")),
  },
];

for (const { name, have, want } of rows) {
  test(`der: ${name}`, () => assert.equal(hex(have), want));
}

for (const length of [0, 127, 128, 255, 256, 70_000]) {
  test(`der: ${length} bytes are read as they were written`, () => {
    const content = Buffer.alloc(length, 7);
    const bytes = Buffer.concat([der.octetString(content), der.boolean(true)]);
    const [first, second] = der.readElements(bytes);
    assert.deepEqual(first?.content, content);
    assert.equal(second?.tag, 1);
    assert.deepEqual(Buffer.concat(der.readElements(bytes).map((element) => element.bytes)), bytes);
  });
}

test("der: what is cut off is refused", () => {
  assert.throws(() => der.readElements(der.octetString(Buffer.alloc(300)).subarray(0, 299)), /longer than it/);
});
