import assert from "node:assert/strict";
import { test } from "node:test";
import { costRatio } from "@fairlead/lib/cost-ratio.testing";
import fc from "fast-check";
import protobuf from "protobufjs/light.js";
import { messageCodec } from "./message-codec.ts";
import { type MessageField, messageFields, type ValueType } from "./message-fields.ts";
import { criEnums, criMessages } from "./messages.ts";
import { WireError } from "./wire.ts";

/** Another implementation of protobuf, with CRI's messages and enumerations. */
const reference = protobuf.Root.fromJSON({
  nested: {
    ...Object.fromEntries(Object.keys(criMessages).map((name) => [name, { fields: fieldsJson(name) }])),
    ...Object.fromEntries(Object.entries(criEnums).map(([name, values]) => [name, { values: { ...values } }])),
  },
});
reference.resolveAll();

function fieldsJson(message: string) {
  const fields = (criMessages[message] ?? "").split(";").filter((text) => text.trim() !== "");
  return Object.fromEntries(
    fields.map((text) => {
      const words = text.trim().replace("map<string, ", "map ").replace(">", "").split(" ");
      const [type = "", name = "", , id] = words.length === 5 ? words.slice(1) : words;
      const shape = { repeated: { rule: "repeated" as const }, map: { keyType: "string" } }[words[0] ?? ""];
      return [name, { type, id: Number(id), ...shape }];
    }),
  );
}

function referenceEncode(name: string, message: object): Buffer {
  const type = reference.lookupType(name);
  return Buffer.from(type.encode(type.fromObject(message)).finish());
}

function referenceDecode(name: string, bytes: Buffer): object {
  const type = reference.lookupType(name);
  const options = { longs: Number, enums: String, defaults: true, arrays: true, objects: true };
  return type.toObject(type.decode(bytes), options);
}

const INT64_EXTREME = 2 ** 63;
const integers = {
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  uint32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  int64: fc.oneof(fc.maxSafeInteger(), fc.double({ min: -INT64_EXTREME, max: INT64_EXTREME, noNaN: true })),
  uint64: fc.oneof(fc.maxSafeNat(), fc.double({ min: 0, max: INT64_EXTREME * 2, noNaN: true })),
};
const texts = fc.string({ unit: "grapheme" });

/** Values as the kubelet writes them, and numbers of an enumeration that CRI does not have. */
function valueArbitrary(type: ValueType): fc.Arbitrary<unknown> {
  switch (type.type) {
    case "string":
      return texts;
    case "bytes":
      return fc.uint8Array().map((bytes) => Buffer.from(bytes));
    case "bool":
      return fc.boolean();
    case "enum":
      return fc.oneof(fc.constantFrom(...type.names), fc.integer({ min: -5, max: 1_000 }));
    case "message":
      return messageArbitrary(type.name);
    default:
      return integers[type.type];
  }
}

function fieldArbitrary({ shape, value }: MessageField): fc.Arbitrary<unknown> {
  const one = valueArbitrary(value);
  if (shape === "list") return fc.array(one, { maxLength: 4 });
  return shape === "map" ? fc.dictionary(fc.oneof(texts, fc.constant("__proto__")), one, { maxKeys: 4 }) : one;
}

function messageArbitrary(message: string): fc.Arbitrary<Record<string, unknown>> {
  const fields = messageFields(message).map((field) => [field.name, fieldArbitrary(field)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
}

/** Fields of numbers that CRI does not have, in every form that a value may have. */
const unknownFields = fc
  .array(
    fc.constantFrom(
      "a8c30105", // Field 3125, a varint.
      "a9c3010102030405060708", // The same, eight bytes.
      "aac30103616263", // Bytes with their length.
      "adc30101020304", // Four bytes.
      "a8c301ffffffffffffffffff01",
    ),
  )
  .map((hex) => Buffer.from(hex.join(""), "hex"));

for (const message of Object.keys(criMessages)) {
  test(`${message} is written and read as another implementation of protobuf does`, () => {
    fc.assert(
      fc.property(messageArbitrary(message), unknownFields, (values, unknown) => {
        const codec = messageCodec(message);
        const written = codec.encode(values);
        assert.equal(written.toString("hex"), referenceEncode(message, values).toString("hex"));
        const sent = Buffer.concat([unknown, written, unknown]);
        assert.deepEqual(codec.decode(sent), referenceDecode(message, sent));
      }),
      { numRuns: 50 },
    );
  });

  test(`${message} out of no bytes, and out of hostile ones`, () => {
    const codec = messageCodec(message);
    assert.deepEqual(codec.decode(Buffer.alloc(0)), referenceDecode(message, Buffer.alloc(0)));
    const hostile = fc.oneof(
      fc.uint8Array(),
      fc.tuple(messageArbitrary(message), fc.nat(), fc.nat(255)).map(([values, at, byte]) => {
        const bytes = codec.encode(values);
        if (bytes.length > 0) bytes[at % bytes.length] = byte;
        return bytes.subarray(0, at % (bytes.length * 2 + 1));
      }),
    );
    fc.assert(
      fc.property(hostile, (bytes) => {
        try {
          codec.decode(Buffer.from(bytes));
        } catch (error) {
          assert.ok(error instanceof WireError, String(error));
        }
      }),
      { numRuns: 50 },
    );
  });
}

const refused: readonly { name: string; hex: string; message: string; want: RegExp }[] = [
  { name: "a length past the end", hex: "0a05616263", message: "VersionRequest", want: /^unexpected EOF$/ },
  { name: "a length of 2^63", hex: `0a${"80".repeat(9)}01`, message: "VersionRequest", want: /^unexpected EOF$/ },
  { name: "a key without its value", hex: "0a", message: "VersionRequest", want: /^unexpected EOF$/ },
  { name: "a varint that does not end", hex: "10ff", message: "RuntimeCondition", want: /^unexpected EOF$/ },
  {
    name: "a varint of 11 bytes",
    hex: `10${"ff".repeat(10)}01`,
    message: "RuntimeCondition",
    want: /^integer overflow$/,
  },
  {
    name: "a number where a string belongs",
    hex: "0801",
    message: "VersionRequest",
    want: /^wrong wireType 0 for string$/,
  },
  {
    name: "a string where a number belongs",
    hex: "120161",
    message: "RuntimeCondition",
    want: /^wrong wireType 2 for bool$/,
  },
  {
    name: "a number where a map belongs",
    hex: "1001",
    message: "ImageSpec",
    want: /^wrong wireType 0 for a map$/,
  },
  { name: "a field of number 0", hex: "0001", message: "VersionRequest", want: /^illegal tag 0$/ },
  { name: "a group", hex: "7b7c", message: "VersionRequest", want: /^illegal wireType 3$/ },
  { name: "an unknown field past the end", hex: "7a05", message: "VersionRequest", want: /^unexpected EOF$/ },
  { name: "a list of numbers that is cut", hex: "120180", message: "PortForwardRequest", want: /^unexpected EOF$/ },
];

for (const { name, hex, message, want } of refused) {
  test(`bytes are refused for ${name}`, () => {
    const decode = () => messageCodec(message).decode(Buffer.from(hex, "hex"));
    assert.throws(decode, { name: "WireError", message: want });
  });
}

const read: readonly { name: string; hex: string; message: string; want: object }[] = [
  {
    name: "of a value that comes twice the last",
    hex: "0a01610a0162",
    message: "VersionRequest",
    want: { version: "b" },
  },
  {
    name: "numbers of a list that are packed and that are not",
    hex: "12020102" + "1003" + "1a0178",
    message: "PortForwardRequest",
    want: { podSandboxId: "", port: [1, 2, 3] },
  },
  { name: "a negative exit code", hex: "18ffffffffffffffffff01", message: "ExecSyncResponse", want: { exitCode: -1 } },
  { name: "a map's entry without key and value", hex: "1200", message: "ImageSpec", want: { annotations: { "": "" } } },
  { name: "text that is not UTF-8", hex: "0a02ff61", message: "VersionRequest", want: { version: "\ufffda" } },
];

for (const { name, hex, message, want } of read) {
  test(`a message is read with ${name}`, () => {
    const got = messageCodec(message).decode(Buffer.from(hex, "hex"));
    assert.deepEqual({ ...got, ...want }, got);
  });
}

const unwritable: readonly { name: string; message: string; values: object; want: RegExp }[] = [
  {
    name: "an enumerated value that CRI does not have",
    message: "PortMapping",
    values: { protocol: "QUIC" },
    want: /"QUIC"/,
  },
  {
    name: "an enumerated value of an inherited name",
    message: "PortMapping",
    values: { protocol: "toString" },
    want: /"toString"/,
  },
  { name: "a single value for a list", message: "ExecRequest", values: { cmd: "ls" }, want: /field cmd: not an array/ },
  {
    name: "text for a message",
    message: "ImageStatusRequest",
    values: { image: "a" },
    want: /ImageSpec: not an object/,
  },
  { name: "text for bytes", message: "KeyValue", values: { value: "a" }, want: /not a Uint8Array/ },
];

for (const { name, message, values, want } of unwritable) {
  test(`a message is not written with ${name}`, () => {
    assert.throws(() => messageCodec(message).encode(values), { message: want });
  });
}

test("numbers that 64 bits cannot hold become the nearest one", () => {
  for (const value of [1e30, -1e30, Number.POSITIVE_INFINITY, Number.NaN, 1.5, -1.5]) {
    const written = messageCodec("Int64Value").encode({ value });
    assert.equal(written.toString("hex"), referenceEncode("Int64Value", { value }).toString("hex"), String(value));
  }
});

test("a message of another name is refused", () => {
  assert.throws(() => messageCodec("toString"), /CRI has no message toString/);
});

test("a list is read in time proportional to its length", () => {
  const item = { id: "a", labels: { a: "b" }, createdAt: 1e18 };
  const ratio = costRatio(
    (size) => {
      const bytes = messageCodec("ListContainersResponse").encode({ containers: Array(size).fill(item) });
      return () => messageCodec("ListContainersResponse").decode(bytes);
    },
    200,
    8,
  );
  assert.ok(ratio < 24, `8 times as many items took ${ratio.toFixed(1)} times as long`);
});
