import { createByteReader } from "../wire/byte-reader.ts";
import { decodeResponse } from "../wire/decode-message.ts";
import { encodeOpt } from "../wire/encode-message.ts";
import type { Query } from "../wire/message.ts";
import { recordTypes } from "../wire/message.ts";
import { type RawRecord, readRawRecord } from "../wire/record.ts";

const ADDITIONAL_COUNT = 10;
/** Why an answer is as it is (RFC 8914): the only option that concerns the client, since it is not about the exchange with the upstream. */
const EXTENDED_ERROR = 15;

/**
 * Another server's response made into the answer to `query`, whose bytes are `asked`: its id, its spelling of the
 * question, its RD and CD, and an OPT record of ours for a client that sent one (RFC 6891 §6.1.1). Undefined when it is longer than
 * `bytesMax`.
 */
export function relayed(
  response: Uint8Array,
  query: Query,
  asked: Uint8Array,
  bytesMax: number,
): Uint8Array | undefined {
  const { questionEnd } = decodeResponse(response);
  const bytes = withOptFor(query, response);
  if (bytes.length > bytesMax || questionEnd !== query.questionEnd) return undefined;
  bytes.set(asked.subarray(0, 2), 0);
  bytes.set(asked.subarray(12, query.questionEnd), 12);
  bytes[2] = ((bytes[2] ?? 0) & 0xfe) | (query.recursionDesired ? 0x01 : 0);
  bytes[3] = ((bytes[3] ?? 0) & 0xef) | (query.checkingDisabled ? 0x10 : 0);
  return bytes;
}

/** A copy with the OPT record that the client gets: none, or ours in the place of the upstream's. */
function withOptFor({ edns }: Query, response: Uint8Array): Uint8Array {
  const { start, record, hasOther } = lastRecord(response);
  // Records behind it may point to what would move.
  if (hasOther) return response.slice();
  const isOpt = record?.type === recordTypes.OPT;
  const end = isOpt ? start : response.length;
  const rest = response.subarray(0, end);
  const rcode = isOpt ? (record.ttlSeconds >>> 24) << 4 : 0;
  const options = isOpt ? extendedErrors(response, record) : new Uint8Array();
  const opt = edns === undefined ? new Uint8Array() : encodeOpt({ rcode, dnssecOk: edns.dnssecOk, options });
  const copy = new Uint8Array(end + opt.length);
  copy.set(rest);
  copy.set(opt, end);
  const view = new DataView(copy.buffer);
  const count = view.getUint16(ADDITIONAL_COUNT) - (isOpt ? 1 : 0) + (edns === undefined ? 0 : 1);
  view.setUint16(ADDITIONAL_COUNT, count);
  return copy;
}

/** The last record and where it begins: an OPT record usually comes last. `hasOther`: one comes earlier. */
function lastRecord(response: Uint8Array): {
  readonly start: number;
  readonly record: RawRecord | undefined;
  readonly hasOther: boolean;
} {
  const reader = createByteReader(response, 4);
  const [questions, ...counts] = [reader.uint16(), reader.uint16(), reader.uint16(), reader.uint16()];
  for (let i = 0; i < (questions ?? 0); i++) {
    reader.name();
    reader.uint32();
  }
  let start = reader.offset;
  let record: RawRecord | undefined;
  let hasOther = false;
  for (let left = counts.reduce((total, n) => total + n, 0); left > 0; left--) {
    hasOther ||= record?.type === recordTypes.OPT;
    start = reader.offset;
    record = readRawRecord(reader);
  }
  return { start, record, hasOther };
}

/** The options of an OPT record that say why. */
function extendedErrors(response: Uint8Array, { offset, length }: RawRecord): Uint8Array {
  const reader = createByteReader(response, offset);
  const kept: Uint8Array[] = [];
  while (reader.offset + 4 <= offset + length) {
    const start = reader.offset;
    const code = reader.uint16();
    reader.take(reader.uint16());
    if (code === EXTENDED_ERROR && reader.offset <= offset + length) kept.push(response.subarray(start, reader.offset));
  }
  return new Uint8Array(Buffer.concat(kept));
}
