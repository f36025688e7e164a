import { createByteReader } from "./byte-reader.ts";
import type { DnsRecord, Query } from "./message.ts";
import { recordTypes } from "./message.ts";
import type { RawRecord } from "./record.ts";
import { decodeRecord, readRawRecord } from "./record.ts";
import { WireError } from "./wire-error.ts";

const HEADER_BYTES = 12;
const RESPONSE_BIT = 0x8000;

/**
 * Reads a request.
 *
 * @throws {WireError} for a response, for more or fewer than one question, and for bytes that are no message.
 */
export function decodeQuery(bytes: Uint8Array): Query {
  const reader = createByteReader(bytes);
  const id = reader.uint16();
  const flags = reader.uint16();
  const [questions = 0, ...others] = [reader.uint16(), reader.uint16(), reader.uint16(), reader.uint16()];
  if ((flags & RESPONSE_BIT) !== 0) throw new WireError("A response is not a query");
  if (questions !== 1) throw new WireError(`A query has one question, not ${questions}`);
  const question = { name: reader.name(), type: reader.uint16(), class: reader.uint16() };
  const questionEnd = reader.offset;
  let edns: Query["edns"];
  for (let left = sum(others); left > 0; left--) {
    const record = readRawRecord(reader);
    if (record.type !== recordTypes.OPT) continue;
    if (edns !== undefined) throw new WireError("A query has one OPT record at most");
    edns = {
      version: (record.ttlSeconds >>> 16) & 0xff,
      udpBytesMax: record.class,
      dnssecOk: (record.ttlSeconds & 0x8000) !== 0,
    };
  }
  return { id, opcode: (flags >>> 11) & 0xf, recursionDesired: (flags & 0x100) !== 0, question, questionEnd, edns };
}

/** What a resolver wants to know of another server's response, beside its bytes. */
export interface Response {
  readonly id: number;
  readonly rcode: number;
  readonly truncated: boolean;
  /** Where the question ends in the message. */
  readonly questionEnd: number;
  readonly answers: readonly RawRecord[];
  readonly authority: readonly RawRecord[];
  /** All records but OPT, whose TTL is none. */
  readonly records: readonly RawRecord[];
}

/** @throws {WireError} for a query, and for bytes that are no message. */
export function decodeResponse(bytes: Uint8Array): Response {
  const reader = createByteReader(bytes);
  const id = reader.uint16();
  const flags = reader.uint16();
  if ((flags & RESPONSE_BIT) === 0) throw new WireError("A query is not a response");
  const [questions, answers, authority, additional] = [
    reader.uint16(),
    reader.uint16(),
    reader.uint16(),
    reader.uint16(),
  ];
  for (let i = 0; i < questions; i++) {
    reader.name();
    reader.uint32();
  }
  const questionEnd = reader.offset;
  const read = (count: number) => Array.from({ length: count }, () => readRawRecord(reader));
  const sections = { answers: read(answers), authority: read(authority) };
  const records = [...sections.answers, ...sections.authority, ...read(additional)];
  return {
    id,
    rcode: flags & 0xf,
    truncated: (flags & 0x200) !== 0,
    questionEnd,
    ...sections,
    records: records.filter((record) => record.type !== recordTypes.OPT),
  };
}

/** The records of a response's answer section. */
export function answersOf(bytes: Uint8Array): DnsRecord[] {
  return decodeResponse(bytes).answers.map((raw) => decodeRecord(bytes, raw));
}

/** The SOA records that say how long a negative response may be remembered (RFC 2308 §5). */
export function negativeAuthorityOf(bytes: Uint8Array): DnsRecord[] {
  const { authority } = decodeResponse(bytes);
  return authority.filter(({ type }) => type === recordTypes.SOA).map((raw) => decodeRecord(bytes, raw));
}

/** Whether the bytes are long enough to take an id and flags from, for an answer to what cannot be read. */
export function hasHeader(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER_BYTES;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
