import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeQuery, decodeResponse } from "./decode-message.ts";
import { encodeFailure, encodeQuery, encodeReply, TCP_BYTES_MAX, udpBytesMax } from "./encode-message.ts";
import type { DnsRecord, Query } from "./message.ts";
import { recordTypes } from "./message.ts";
import { decodeRecord } from "./record.ts";
import { WireError } from "./wire-error.ts";

const question = { name: "web.shop.svc.cluster.local", type: 1, class: 1 };

const label = fc.oneof(
  fc.stringMatching(/^[a-z0-9_-]{1,20}$/),
  fc.constant("a\\046b"),
  fc.constant("\\000\\255x"),
  fc.constant("\\\\"),
);
const name = fc.array(label, { maxLength: 5 }).map((labels) => labels.join("."));
const number16 = fc.nat(0xffff);
const number32 = fc.nat(0xffff_ffff);
const data = fc.oneof(
  fc.record({ type: fc.constant("A" as const), address: fc.ipV4() }),
  fc.record({ type: fc.constant("AAAA" as const), address: fc.constantFrom("fd00::1", "::", "2001:db8::ff:0:1") }),
  fc.record({ type: fc.constantFrom("CNAME" as const, "NS" as const, "PTR" as const), target: name }),
  fc.record({ type: fc.constant("MX" as const), preference: number16, target: name }),
  fc.record({ type: fc.constant("SRV" as const), priority: number16, weight: number16, port: number16, target: name }),
  fc.record({
    type: fc.constant("SOA" as const),
    primary: name,
    mailbox: name,
    serial: number32,
    refreshSeconds: number32,
    retrySeconds: number32,
    expireSeconds: number32,
    negativeTtlSeconds: number32,
  }),
  fc.record({
    type: fc.constant("TXT" as const),
    texts: fc.array(fc.string({ maxLength: 60 }), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant("other" as const),
    typeNumber: fc.constantFrom(99, 257),
    data: fc.uint8Array({ maxLength: 20 }),
  }),
);
const record: fc.Arbitrary<DnsRecord> = fc
  .tuple(name, number32, data)
  .map(([n, ttlSeconds, d]) => ({ name: n, ttlSeconds, ...d }));

test("what is written is read again, names compressed or not", () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 8 }), fc.array(record, { maxLength: 3 }), (answers, authority) => {
      const asked = encodeQuery(4711, question);
      const query = decodeQuery(asked);
      const bytes = encodeReply(
        query,
        asked,
        { rcode: "NOERROR", authoritative: true, answers, authority },
        TCP_BYTES_MAX,
      );
      const response = decodeResponse(bytes);
      assert.deepEqual(
        response.answers.map((raw) => decodeRecord(bytes, raw)),
        answers,
      );
      assert.deepEqual(
        response.authority.map((raw) => decodeRecord(bytes, raw)),
        authority,
      );
      assert.equal(response.id, 4711);
    }),
  );
});

test("no bytes at all make the reader do anything but read or refuse", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (tail, isResponse) => {
      const bytes = Uint8Array.from([0, 1, isResponse ? 0x81 : 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, ...tail]);
      try {
        if (isResponse) for (const raw of decodeResponse(bytes).records) decodeRecord(bytes, raw);
        else decodeQuery(bytes);
      } catch (error) {
        assert.ok(error instanceof WireError, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});

const header = (flags: number, questions: number, additional = 0) => [
  0x12,
  0x34,
  flags,
  0,
  0,
  questions,
  0,
  0,
  0,
  0,
  0,
  additional,
];
const root = [0, 0, 1, 0, 1];
const opt = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];
const refusals: { name: string; bytes: number[]; want: RegExp }[] = [
  { name: "nothing", bytes: [], want: /ends early/ },
  { name: "a header alone", bytes: header(1, 1), want: /ends early/ },
  { name: "a response", bytes: [...header(0x81, 1), ...root], want: /A response is not a query/ },
  { name: "two questions", bytes: [...header(1, 2), ...root, ...root], want: /one question, not 2/ },
  { name: "a name that points to itself", bytes: [...header(1, 1), 0xc0, 12, 0, 1, 0, 1], want: /points nowhere/ },
  { name: "a name that points into the header", bytes: [...header(1, 1), 0xc0, 4, 0, 1, 0, 1], want: /points nowhere/ },
  { name: "a label of an unknown form", bytes: [...header(1, 1), 0x80, 0, 1, 0, 1], want: /unknown form/ },
  {
    name: "a name that is too long",
    bytes: [...header(1, 1), ...Array.from({ length: 256 }, (_, i) => (i % 2 ? 97 : 1)), 0, 0, 1, 0, 1],
    want: /too long/,
  },
  { name: "two OPT records", bytes: [...header(1, 1, 2), ...root, ...opt, ...opt], want: /one OPT record/ },
];

for (const { name: what, bytes, want } of refusals) {
  test(`a query is refused: ${what}`, () => {
    assert.throws(() => decodeQuery(Uint8Array.from(bytes)), { name: "WireError", message: want });
  });
}

const saying = (udpBytesMax: number) => ({ version: 0, udpBytesMax, dnssecOk: false });
const sizes: { name: string; edns: Query["edns"]; want: number }[] = [
  { name: "a client that says nothing", edns: undefined, want: 512 },
  { name: "a client that says too little", edns: saying(100), want: 512 },
  { name: "a client in between", edns: saying(1000), want: 1000 },
  { name: "a client that says a lot", edns: saying(4096), want: 1232 },
];

for (const { name: who, edns, want } of sizes) {
  test(`an answer for ${who} has at most ${want} bytes, and says when it is cut`, () => {
    const asked = encodeQuery(1, question);
    const query = { ...decodeQuery(asked), edns };
    assert.equal(udpBytesMax(query), want);
    const answers = Array.from(
      { length: 200 },
      (_, i): DnsRecord => ({ name: question.name, ttlSeconds: 5, type: "A", address: `10.0.0.${i}` }),
    );
    const bytes = encodeReply(query, asked, { rcode: "NOERROR", authoritative: true, answers }, want);
    assert.ok(bytes.length <= want && bytes.length > want - 16);
    const response = decodeResponse(bytes);
    assert.equal(response.truncated, true);
    assert.equal(response.answers.length, Math.floor((want - 44 - (edns === undefined ? 0 : 11)) / 16));
  });
}

for (const { edns, want } of sizes) {
  for (const [excess, isTruncated] of [
    [0, false],
    [1, true],
  ] as const) {
    test(`an answer of ${want + excess} bytes where ${want} fit ${isTruncated ? "is cut" : "is whole"}`, () => {
      const asked = encodeQuery(1, question);
      const query = { ...decodeQuery(asked), edns };
      const around = query.questionEnd + 12 + (edns === undefined ? 0 : 11);
      const data = new Uint8Array(want + excess - around);
      const answers: DnsRecord[] = [{ name: question.name, ttlSeconds: 5, type: "other", typeNumber: 99, data }];
      const bytes = encodeReply(query, asked, { rcode: "NOERROR", authoritative: true, answers }, want);
      assert.equal(decodeResponse(bytes).truncated, isTruncated);
      assert.equal(bytes.length, isTruncated ? around - 12 : want);
    });
  }
}

test("a name that is too long is not written", () => {
  const long = Array.from({ length: 4 }, () => "a".repeat(63)).join(".");
  assert.throws(() => encodeQuery(1, { name: long, type: 1, class: 1 }), WireError);
  assert.ok(encodeQuery(1, { name: long.slice(2), type: 1, class: 1 }));
});

test("the question comes back as it was written, and records point to it", () => {
  const asked = encodeQuery(1, question);
  asked.set(new TextEncoder().encode("wEb"), 13);
  const query = decodeQuery(asked);
  assert.equal(query.question.name, question.name);
  const answers: DnsRecord[] = [{ name: question.name, ttlSeconds: 5, type: "A", address: "10.0.0.1" }];
  const bytes = encodeReply(query, asked, { rcode: "NOERROR", authoritative: true, answers }, 512);
  assert.equal(new TextDecoder().decode(bytes.subarray(13, 16)), "wEb");
  assert.deepEqual([...bytes.subarray(query.questionEnd, query.questionEnd + 2)], [0xc0, 12]);
});

test("an unknown EDNS version is refused in the upper bits of the rcode", () => {
  const asked = encodeQuery(1, question);
  const bytes = encodeReply(decodeQuery(asked), asked, { rcode: "BADVERS", authoritative: false, answers: [] }, 512);
  assert.equal(decodeResponse(bytes).rcode, 0);
  assert.equal(bytes.at(-6), 1);
  assert.equal(bytes.length - decodeQuery(asked).questionEnd, 11);
});

test("what cannot be read is answered by its id", () => {
  assert.deepEqual(
    [...encodeFailure(Uint8Array.from(header(0x29, 9)), "FORMERR").subarray(0, 4)],
    [0x12, 0x34, 0xa9, 0x81],
  );
});

test("all types have a number of their own", () => {
  assert.equal(new Set(Object.values(recordTypes)).size, Object.keys(recordTypes).length);
});
