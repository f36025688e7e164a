import assert from "node:assert/strict";
import { test } from "node:test";
import { field, inlined, type List, list, map, type Scalar, struct, t } from "../../schema.ts";
import { decodeEnvelope } from "./decode-envelope.ts";
import { decodeMessage } from "./decode-message.ts";
import { encodeMessage } from "./encode-message.ts";

/** An object with a name, or a value of another sort. */
const either = (other: Scalar | List): Scalar => ({
  type: "json",
  either: { object: { number: 2, schema: inner }, other: { number: 1, schema: other } },
});
const inner = struct("Inner", "", { name: field(1, t.string, "") });
const schema = struct("Everything", "", {
  text: field(1, t.string, ""),
  number: field(2, t.int32, ""),
  flag: field(3, t.bool, ""),
  pointer: field(4, t.int32, "", { keepEmpty: true }),
  data: field(5, map(t.bytes), ""),
  items: field(6, list(inner), ""),
  time: field(7, t.time, ""),
  micro: field(8, t.microTime, ""),
  port: field(9, t.intOrString, ""),
  amount: field(10, t.quantity, ""),
  raw: field(11, t.json, ""),
  ports: field(12, list(t.int32), ""),
  large: field(14, t.int64, ""),
  ...inlined(13, struct("Inlined", "", { medium: field(1, t.string, "") })),
  fraction: field(15, t.double, ""),
  extra: field(16, map(list(t.string)), ""),
  more: field(17, either(list(t.string)), ""),
  allowed: field(18, either(t.bool), ""),
});

const long = "é".repeat(60);

const rows: readonly {
  readonly name: string;
  /** The message. */
  readonly hex: string;
  /** What it says. */
  readonly want: unknown;
  /** How that is written. Default: as the message. */
  readonly written?: string;
}[] = [
  { name: "text", hex: "0a026869", want: { text: "hi" } },
  { name: "zero values of what is no pointer are absent", hex: "0a0010001800", want: {}, written: "" },
  { name: "a zero behind a pointer is said", hex: "2000", want: { pointer: 0 } },
  { name: "a negative number in ten bytes", hex: "10ffffffffffffffffff01", want: { number: -1 } },
  {
    name: "a number of 32 bits, cut to them as by Go",
    hex: "10818080808080808001",
    want: { number: 1 },
    written: "1001",
  },
  { name: "the largest number of 64 bits", hex: "70ffffffffffffffff7f", want: { large: 9223372036854775807n } },
  { name: "the smallest number of 64 bits", hex: "7080808080808080808001", want: { large: -9223372036854775808n } },
  { name: "a number of 54 bits", hex: "708180808080808010", want: { large: 9007199254740993n } },
  { name: "a small number of 64 bits", hex: "7005", want: { large: 5 } },
  { name: "a map of bytes", hex: "2a060a0161120162", want: { data: { a: "Yg==" } } },
  {
    name: "a map with a key that JavaScript reserves",
    hex: "2a0e0a095f5f70726f746f5f5f120162",
    want: { data: JSON.parse('{"__proto__":"Yg=="}') },
  },
  { name: "a time that no calendar has", hex: "3a0a08ffffffffffffffff7f", want: "refused" },
  { name: "a packed number that is too long", hex: "620b8080808080808080808001", want: "refused" },
  { name: "repeated messages", hex: "32030a0161320032030a0162", want: { items: [{ name: "a" }, {}, { name: "b" }] } },
  { name: "a message that ends too early", hex: "3a0608", want: "refused" },
  {
    name: "a time that is there",
    hex: "3a060880f2d6ca06",
    want: { time: "2026-01-01T00:00:00Z" },
    written: "3a080880f2d6ca061000",
  },
  { name: "Go's zero time is no time", hex: "3a00", want: {}, written: "" },
  { name: "microseconds", hex: "42090880f2d6ca0610e807", want: { micro: "2026-01-01T00:00:00.000001Z" } },
  { name: "a number that may be a text", hex: "4a0408001050", want: { port: 80 }, written: "4a06080010501a00" },
  {
    name: "a text that may be a number",
    hex: "4a0808011a0468747470",
    want: { port: "http" },
    written: "4a0a080110001a0468747470",
  },
  { name: "a quantity", hex: "52060a043530306d", want: { amount: "500m" } },
  { name: "raw JSON", hex: "5a090a077b2261223a317d", want: { raw: { a: 1 } } },
  { name: "raw text that is no JSON", hex: "5a040a027b22", want: "refused" },
  { name: "numbers one by one", hex: "60016002", want: { ports: [1, 2] } },
  { name: "numbers packed", hex: "6203018001", want: { ports: [1, 128] }, written: "6001608001" },
  { name: "what is inline in JSON", hex: "6a050a034d656d", want: { medium: "Mem" } },
  { name: "raw JSON that is false", hex: "5a070a0566616c7365", want: { raw: false } },
  { name: "a fraction", hex: "79000000000000f83f", want: { fraction: 1.5 } },
  { name: "lists of texts by key", hex: "82010b0a016112060a01780a0179", want: { extra: { a: ["x", "y"] } } },
  { name: "texts where an object may stand", hex: "8a01060a01780a0179", want: { more: ["x", "y"] } },
  { name: "an object where texts may stand", hex: "8a010512030a0161", want: { more: { name: "a" } } },
  { name: "a boolean where an object may stand", hex: "9201020800", want: { allowed: false } },
  { name: "an object where a boolean may stand", hex: "920107080112030a0161", want: { allowed: { name: "a" } } },
  { name: "a text of many bytes", hex: `0a78${Buffer.from(long).toString("hex")}`, want: { text: long } },
  { name: "a short text that is not ASCII", hex: "0a0461c3a962", want: { text: "aéb" } },
  { name: "a time before 1970", hex: "3a0d08ffffffffffffffffff011000", want: { time: "1969-12-31T23:59:59Z" } },
  { name: "a field of a later version is skipped", hex: "fa07020102", want: {}, written: "" },
];

for (const { name, hex, want, written = hex } of rows) {
  test(`protobuf: ${name}`, () => {
    const decode = () => decodeMessage(schema, Buffer.from(hex, "hex"));
    if (typeof want !== "object" || want === null) {
      assert.throws(decode, { name: "WireError" });
      return;
    }
    assert.deepEqual(decode(), want);
    assert.equal(Buffer.from(encodeMessage(schema, want)).toString("hex"), written);
  });
}

test("protobuf: a zero value that is there is written", () => {
  assert.equal(
    Buffer.from(encodeMessage(schema, { text: "", number: 0, flag: false })).toString("hex"),
    "0a0010001800",
  );
});

test("protobuf: messages of any size", () => {
  for (const size of [0, 127, 128, 1024, 16_383, 16_384, 3_000_000]) {
    const value = { text: "x".repeat(size), items: [{ name: "y".repeat(size) }] };
    assert.deepEqual(decodeMessage(schema, encodeMessage(schema, value)), size === 0 ? { items: [{}] } : value);
  }
});

test("an envelope without its magic bytes is refused", () => {
  assert.throws(() => decodeEnvelope(Buffer.from("{}")), /expected prefix/);
});
