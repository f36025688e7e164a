import { createByteReader } from "../wire/byte-reader.ts";
import { decodeResponse } from "../wire/decode-message.ts";
import type { Query } from "../wire/message.ts";
import { recordTypes } from "../wire/message.ts";
import { readRawRecord } from "../wire/record.ts";

const ADDITIONAL_COUNT = 10;

/**
 * Another server's response made into the answer to `query`, whose bytes are `asked`: its id, its spelling of the
 * question, and no OPT record for a client that sent none. Undefined when it is longer than `bytesMax`.
 */
export function relayed(
  response: Uint8Array,
  query: Query,
  asked: Uint8Array,
  bytesMax: number,
): Uint8Array | undefined {
  const { questionEnd } = decodeResponse(response);
  const bytes = query.edns === undefined ? withoutOpt(response) : response.slice();
  if (bytes.length > bytesMax || questionEnd !== query.questionEnd) return undefined;
  bytes.set(asked.subarray(0, 2), 0);
  bytes.set(asked.subarray(12, query.questionEnd), 12);
  bytes[2] = ((bytes[2] ?? 0) & 0xfe) | (query.recursionDesired ? 1 : 0);
  return bytes;
}

/** A copy without the OPT record, where that comes last, as it usually does. */
function withoutOpt(response: Uint8Array): Uint8Array {
  const reader = createByteReader(response, 4);
  const [questions, ...counts] = [reader.uint16(), reader.uint16(), reader.uint16(), reader.uint16()];
  for (let i = 0; i < (questions ?? 0); i++) {
    reader.name();
    reader.uint32();
  }
  let start = reader.offset;
  let last = 0;
  for (let left = counts.reduce((total, n) => total + n, 0); left > 0; left--) {
    start = reader.offset;
    last = readRawRecord(reader).type;
  }
  if (last !== recordTypes.OPT) return response.slice();
  const copy = response.slice(0, start);
  new DataView(copy.buffer).setUint16(ADDITIONAL_COUNT, (counts.at(-1) ?? 1) - 1);
  return copy;
}
