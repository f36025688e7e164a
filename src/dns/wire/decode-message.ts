import { type ByteReader, createByteReader } from "./byte-reader.ts";
import type { DnsRecord, Query } from "./message.ts";
import { recordTypes } from "./message.ts";
import type { RawRecord } from "./record.ts";
import { decodeRecord, readRawRecord } from "./record.ts";
import { WireError } from "./wire-error.ts";

const HEADER_BYTES = 12;
const RESPONSE_BIT = 0x8000;
/** Place of the additional section among those behind the question. */
const ADDITIONAL = 2;

/**
 * Reads a request.
 *
 * @throws {WireError} for a response, for another opcode, for more or fewer than one question, and for bytes that are no message.
 */
export function decodeQuery(bytes: Uint8Array): Query {
  const reader = createByteReader(bytes);
  const id = reader.uint16();
  const flags = reader.uint16();
  const [questions, ...sections] = [reader.uint16(), reader.uint16(), reader.uint16(), reader.uint16()];
  if ((flags & RESPONSE_BIT) !== 0) throw new WireError("A response is not a query");
  const opcode = opcodeOf(flags);
  if (opcode !== 0) throw new WireError(`A message of opcode ${opcode} is not a query`);
  if (questions !== 1) throw new WireError(`A query has one question, not ${questions}`);
  const question = { name: reader.name(), type: reader.uint16(), class: reader.uint16() };
  const questionEnd = reader.offset;
  const edns = readEdns(reader, sections);
  return {
    id,
    recursionDesired: (flags & 0x100) !== 0,
    checkingDisabled: (flags & 0x10) !== 0,
    question,
    questionEnd,
    edns,
  };
}

/** Returns the operation that a message asks for; 0 is a query. The bytes have a whole header. */
export function opcodeIn(bytes: Uint8Array): number {
  return opcodeOf((bytes[2] ?? 0) << 8);
}

function opcodeOf(flags: number): number {
  return (flags >>> 11) & 0xf;
}

/** Reads all records behind the question. An OPT record is there once at most, among the additional ones, of the root (RFC 6891 §6.1). */
function readEdns(reader: ByteReader, sections: readonly number[]): Query["edns"] {
  let edns: Query["edns"];
  for (const [section, count] of sections.entries()) {
    for (let left = count; left > 0; left--) {
      const record = readRawRecord(reader);
      if (record.type !== recordTypes.OPT) continue;
      if (edns !== undefined) throw new WireError("A query has one OPT record at most");
      if (section !== ADDITIONAL || record.name !== "")
        throw new WireError("An OPT record is of the root, and additional");
      readOptions(createByteReader(reader.bytes, record.offset), reader.offset);
      edns = {
        version: (record.ttlSeconds >>> 16) & 0xff,
        udpBytesMax: record.class,
        dnssecOk: (record.ttlSeconds & 0x8000) !== 0,
      };
    }
  }
  return edns;
}

/** Reads options up to `end` (RFC 6891 §6.1.2). None of them is used. */
function readOptions(reader: ByteReader, end: number): void {
  while (reader.offset < end) {
    reader.uint16();
    reader.take(reader.uint16());
  }
  if (reader.offset !== end) throw new WireError("An option of an OPT record is longer than the record");
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
