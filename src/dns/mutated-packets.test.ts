import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { PROTOCOL } from "./protocol-table.testing.ts";
import { queryOf } from "./query-text.testing.ts";
import { SPECIFICATION } from "./specification-table.testing.ts";
import { createTableResponder, manyPods } from "./table.testing.ts";
import { formatMessage } from "./wire/format-message.testing.ts";

const PACKETS = 100_000;
/** What the tables of answers kept ready and of upstreams' answers may hold together, twice over, in bytes. */
const HEAP_GROWTH_MAX = 48 * 1024 * 1024;
const SEED = 20_261_201;

/** Whole questions, from which mutated ones are made. */
const ORIGINALS: readonly Uint8Array[] = [
  ...PROTOCOL.map(({ message }) => message),
  ...SPECIFICATION.flatMap(({ rows }) => rows).map(({ ask }) => queryOf(ask)),
  ...["A", "SRV", "ANY"].map((type) => queryOf(`${type} many.shop.svc.cluster.local`)),
];

/** The same sequence in [0, limit) for one seed: a linear congruential generator of 32 bits. */
function numbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

type Next = ReturnType<typeof numbers>;

/** Bytes that mean something in a message: ends, pointers, largest label, letters, counts. */
const TELLING = [0, 1, 2, 12, 41, 63, 64, 0x41, 0x5c, 0x80, 0xc0, 0xff];

const MUTATIONS: readonly ((bytes: Uint8Array, next: Next) => Uint8Array)[] = [
  (bytes, next) => withByte(bytes, next(bytes.length), (old) => old ^ (1 << next(8))),
  (bytes, next) => withByte(bytes, next(bytes.length), () => next(256)),
  (bytes, next) => withByte(bytes, next(bytes.length), () => TELLING[next(TELLING.length)] ?? 0),
  // Counts and flags.
  (bytes, next) => withByte(bytes, 2 + next(10), () => TELLING[next(TELLING.length)] ?? 0),
  (bytes, next) => bytes.subarray(0, next(bytes.length + 1)),
  (bytes, next) =>
    spliced(
      bytes,
      next(bytes.length + 1),
      0,
      Uint8Array.from({ length: 1 + next(20) }, () => next(256)),
    ),
  (bytes, next) => spliced(bytes, next(bytes.length + 1), 1 + next(4), new Uint8Array()),
  // The head of one message with the tail of another.
  (bytes, next) => {
    const other = ORIGINALS[next(ORIGINALS.length)] ?? bytes;
    return Buffer.concat([bytes.subarray(0, next(bytes.length + 1)), other.subarray(next(other.length + 1))]);
  },
  (bytes, next) => spliced(bytes, 12, 0, Uint8Array.of(0xc0, next(256))),
  (bytes, next) => Buffer.concat([bytes, new Uint8Array(next(600)).fill(next(256))]),
];

function withByte(bytes: Uint8Array, at: number, change: (old: number) => number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  if (at < copy.length) copy[at] = change(copy[at] ?? 0);
  return copy;
}

function spliced(bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
}

function mutated(next: Next): Uint8Array {
  let bytes: Uint8Array = ORIGINALS[next(ORIGINALS.length)] ?? new Uint8Array();
  for (let i = 1 + next(3); i > 0; i--) bytes = MUTATIONS[next(MUTATIONS.length)]?.(bytes, next) ?? bytes;
  return bytes;
}

/** An answer whose records are in no order: addresses take turns. */
function comparable(response: Uint8Array | undefined): object | undefined {
  if (response === undefined) return undefined;
  const { records, ...rest } = formatMessage(response);
  // Of addresses that do not all fit, others are left out in each turn.
  return { ...rest, records: rest.header.includes(" tc") ? [] : records.toSorted() };
}

/** Bytes of the heap that are in use after everything else was collected. */
function heapInUse(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

/** @throws {AssertionError} when the answer to `packet` is not one that a server may give. */
function checkAnswer(packet: Uint8Array, response: Uint8Array, bytesMax: number): string {
  const { id, header, edns } = formatMessage(response);
  const [rcode = "", ...flags] = header.split(" ");
  assert.equal(id, (packet[0] ?? 0) * 256 + (packet[1] ?? 0));
  assert.ok(flags.includes("qr"));
  assert.ok(((packet[2] ?? 0) & 0x80) === 0, "a response is not answered");
  assert.ok(response.length <= (edns === undefined ? Math.min(bytesMax, 512) : bytesMax) || bytesMax > 1_232);
  return rcode;
}

test(`${PACKETS} mutated packets are answered by well-formed messages, kept or not, or not at all`, {
  timeout: 240_000,
}, async () => {
  const next = numbers(SEED);
  const services = [manyPods("many", 500)];
  const responder = createTableResponder({ services });
  const forgetful = createTableResponder({ services, keepsAnswers: false }).respond("udp");
  const [udp, tcp] = [responder.respond("udp"), responder.respond("tcp")];
  const seen = new Map<string, number>();
  const before = heapInUse();
  for (let i = 0; i < PACKETS; i++) {
    const packet = mutated(next);
    const isTcp = i % 10 === 9;
    try {
      const answering = (isTcp ? tcp : udp)(packet);
      const response = answering instanceof Promise ? await answering : answering;
      const outcome = response === undefined ? "none" : checkAnswer(packet, response, isTcp ? 65_535 : 1_232);
      if (!isTcp) assert.deepEqual(comparable(response), comparable(await forgetful(packet)));
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    } catch (error) {
      throw new Error(`Packet ${i} of seed ${SEED}: ${Buffer.from(packet).toString("hex")}`, { cause: error });
    }
  }
  // They reach everything that answers.
  for (const outcome of ["none", "NOERROR", "FORMERR", "NXDOMAIN", "NOTIMP", "REFUSED", "BADVERS", "SERVFAIL"]) {
    assert.ok((seen.get(outcome) ?? 0) > PACKETS / 1_000, `${outcome}: ${seen.get(outcome)}`);
  }
  const grown = heapInUse() - before;
  assert.ok(grown < HEAP_GROWTH_MAX, `The heap has grown by ${grown} bytes`);
});
