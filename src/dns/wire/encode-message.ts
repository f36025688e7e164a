import type { ByteWriter } from "./byte-writer.ts";
import { written } from "./byte-writer.ts";
import type { DnsRecord, Query, Question, Rcode, Reply } from "./message.ts";
import { rcodes, recordTypes } from "./message.ts";
import { encodeRecord } from "./record.ts";

/** What fits every path without fragments (DNS Flag Day 2020). We announce it, and send no more over UDP. */
export const UDP_BYTES_MAX = 1_232;
/** What fits where the client says nothing (RFC 1035 §2.3.4). */
const UDP_BYTES_DEFAULT = 512;
export const TCP_BYTES_MAX = 65_535;

const HEADER_BYTES = 12;
const OPT_BYTES = 11;
/** The first byte of the flags, and TC in it. */
const FLAGS_OFFSET = 2;
const TRUNCATED_BIT = 0x02;

/** How many bytes an answer to this query may have over UDP. */
export function udpBytesMax({ edns }: Query): number {
  return edns === undefined ? UDP_BYTES_DEFAULT : udpBytesWithin(edns.udpBytesMax);
}

/** Returns how many bytes a client gets that announces this many. */
export function udpBytesWithin(announced: number): number {
  return Math.min(UDP_BYTES_MAX, Math.max(UDP_BYTES_DEFAULT, announced));
}

/**
 * Writes the answer to `query`, whose bytes are `asked`: the question is repeated as it was written.
 *
 * Records that do not fit into `bytesMax` are left out from the end. Answers that are missing set the TC bit, so that
 * the client asks again over TCP; additional records that are missing do not.
 */
export function encodeReply(query: Query, asked: Uint8Array, reply: Reply, bytesMax: number): Uint8Array {
  return written((writer) => writeReply(writer, { query, asked, reply, bytesMax }));
}

interface ReplyParts {
  readonly query: Query;
  readonly asked: Uint8Array;
  readonly reply: Reply;
  readonly bytesMax: number;
}

function writeReply(writer: ByteWriter, { query, asked, reply, bytesMax }: ReplyParts): void {
  const rcode = rcodes[reply.rcode];
  writer.uint16(query.id);
  writer.uint16(flagsOf(query, reply) | (rcode & 0xf));
  writer.uint16(1);
  for (let section = 0; section < 3; section++) writer.uint16(0);
  // The name goes through the writer, so that records can point to it; then it gets the client's own spelling.
  writer.name(query.question.name);
  writer.uint16(query.question.type);
  writer.uint16(query.question.class);
  writer.rawAt(HEADER_BYTES, asked.subarray(HEADER_BYTES, query.questionEnd));

  const room = bytesMax - (query.edns === undefined ? 0 : OPT_BYTES);
  const sections = [reply.answers, reply.authority ?? [], reply.additional ?? []];
  const counts = sections.map((records) => writeWhatFits(writer, records, room));
  const isCut = sections.slice(0, 2).some((records, i) => records.length > (counts[i] ?? 0));
  if (isCut || reply.truncated === true) writer.setBits(FLAGS_OFFSET, TRUNCATED_BIT);
  if (query.edns !== undefined) writeOpt(writer, { rcode, dnssecOk: query.edns.dnssecOk });
  const extra = query.edns === undefined ? 0 : 1;
  counts.forEach((count, i) => {
    writer.uint16At(6 + 2 * i, count + (i === 2 ? extra : 0));
  });
}

/** Writes a query, for another server. Announces EDNS. */
export function encodeQuery(id: number, { name, type, class: questionClass }: Question): Uint8Array {
  return written((writer) => {
    for (const value of [id, 0x100, 1, 0, 0, 1]) writer.uint16(value);
    writer.name(name);
    writer.uint16(type);
    writer.uint16(questionClass);
    writeOpt(writer, { rcode: 0, dnssecOk: false });
  });
}

/** Returns an OPT record. */
export function encodeOpt(opt: OptRecord): Uint8Array {
  return written((writer) => writeOpt(writer, opt));
}

/** An answer that repeats nothing, to a message that could not be read. */
export function encodeFailure(asked: Uint8Array, rcode: Rcode): Uint8Array {
  const bytes = new Uint8Array(12);
  bytes.set(asked.subarray(0, 2));
  // Opcode and RD are the client's.
  bytes[2] = 0x80 | ((asked[2] ?? 0) & 0x79);
  bytes[3] = 0x80 | rcodes[rcode];
  return bytes;
}

/** A response with the client's RD and CD, the reply's AA, and RA: we do recurse. */
function flagsOf({ recursionDesired, checkingDisabled }: Query, { authoritative }: Reply): number {
  return 0x8080 | (authoritative ? 0x400 : 0) | (recursionDesired ? 0x100 : 0) | (checkingDisabled ? 0x10 : 0);
}

function writeWhatFits(writer: ByteWriter, records: readonly DnsRecord[], room: number): number {
  let count = 0;
  for (const record of records) {
    const before = writer.length;
    encodeRecord(writer, record);
    if (writer.length > room) {
      writer.truncate(before);
      return count;
    }
    count += 1;
  }
  return count;
}

/** What an OPT record of ours says, besides our UDP size and version 0. */
export interface OptRecord {
  /** The whole code: its upper bits are written. */
  readonly rcode: number;
  /** The client's own DO bit (RFC 3225 §3). */
  readonly dnssecOk: boolean;
  /** Options as they are on the wire. Default none. */
  readonly options?: Uint8Array;
}

/** The root name, type OPT, our UDP size as the class; upper bits of the rcode, version 0 and the DO bit as the TTL. */
function writeOpt(writer: ByteWriter, { rcode, dnssecOk, options = new Uint8Array() }: OptRecord): void {
  writer.uint8(0);
  writer.uint16(recordTypes.OPT);
  writer.uint16(UDP_BYTES_MAX);
  writer.uint16((rcode >>> 4) << 8);
  writer.uint16(dnssecOk ? 0x8000 : 0);
  writer.uint16(options.length);
  writer.raw(options);
}
