import { udpBytesWithin } from "../wire/encode-message.ts";
import { recordTypes } from "../wire/message.ts";

const HEADER_BYTES = 12;
/** Type and class behind the name of a question. */
const TYPE_AND_CLASS_BYTES = 4;
/** An OPT record without options: root name, type, UDP size, code, version, flags and length. */
const OPT_BYTES = 11;
const NAME_BYTES_MAX = 255;
const LABEL_BYTES_MAX = 63;

/** What of a query decides about its answer. */
export interface QueryKey {
  /** Equal for queries whose answers differ in their id and in the spelling of the name alone. */
  readonly key: string;
  /** Where the name of the question ends in the query, and in its answer. */
  readonly nameEnd: number;
}

/**
 * Returns the key of a usual query's answer: of opcode 0, with one question whose name is ASCII, and at most an OPT record of version 0.
 * Cookies, pads and other options are not in it, since no answer depends on them. Undefined for every other message.
 */
export function queryKeyOf(query: Buffer): QueryKey | undefined {
  const { length } = query;
  // QR and opcode are 0; one question; no answers and authority; at most one additional record.
  if (length < HEADER_BYTES || ((query[2] ?? 0) & 0xf8) !== 0) return undefined;
  if (query[4] !== 0 || query[5] !== 1 || query[6] !== 0 || query[7] !== 0 || query[8] !== 0 || query[9] !== 0)
    return undefined;
  if (query[10] !== 0 || (query[11] ?? 0) > 1) return undefined;

  const found = endOfName(query);
  if (found === undefined) return undefined;
  const { nameEnd, hasCapitals } = found;
  const questionEnd = nameEnd + TYPE_AND_CLASS_BYTES;
  const edns = query[11] === 0 ? (length === questionEnd ? 0 : undefined) : ednsBits(query, questionEnd);
  if (edns === undefined) return undefined;
  // RD and CD.
  const bits = ((query[2] ?? 0) & 1) | (((query[3] ?? 0) & 0x10) >> 3) | (edns << 2);
  const question = hasCapitals
    ? query.toString("latin1", HEADER_BYTES, nameEnd).toLowerCase() + query.toString("latin1", nameEnd, questionEnd)
    : query.toString("latin1", HEADER_BYTES, questionEnd);
  return { key: question + String.fromCharCode(bits), nameEnd };
}

/** A name without pointers, whose letters fold as those of strings do: other bytes have capitals of their own there. */
function endOfName(query: Buffer): { readonly nameEnd: number; readonly hasCapitals: boolean } | undefined {
  let hasCapitals = false;
  let at = HEADER_BYTES;
  for (let size = query[at] ?? LABEL_BYTES_MAX + 1; size !== 0; size = query[at] ?? LABEL_BYTES_MAX + 1) {
    const end = at + 1 + size;
    if (size > LABEL_BYTES_MAX || end - HEADER_BYTES >= NAME_BYTES_MAX || end >= query.length) return undefined;
    for (at += 1; at < end; at++) {
      const byte = query[at] ?? 0;
      if (byte >= 0x80) return undefined;
      if (byte >= 0x41 && byte <= 0x5a) hasCapitals = true;
    }
  }
  return { nameEnd: at + 1, hasCapitals };
}

/** The bytes that the client takes and its DO bit, in 14 bits that are never 0; undefined for what is no OPT record of version 0. */
function ednsBits(query: Buffer, at: number): number | undefined {
  if (query.length < at + OPT_BYTES || query[at] !== 0 || query.readUInt16BE(at + 1) !== recordTypes.OPT)
    return undefined;
  if (query[at + 6] !== 0 || at + OPT_BYTES + query.readUInt16BE(at + 9) !== query.length) return undefined;
  let option = at + OPT_BYTES;
  while (option + 4 <= query.length) option += 4 + query.readUInt16BE(option + 2);
  if (option !== query.length) return undefined;
  return (udpBytesWithin(query.readUInt16BE(at + 3)) << 1) | ((query[at + 7] ?? 0) >> 7);
}
