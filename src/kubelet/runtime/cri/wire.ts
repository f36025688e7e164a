/** A part of a message that is being read. The functions that read from it move its beginning. */
export interface WireReader {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;
}

/** The two halves of a varint. */
export interface Varint {
  /** Bits 0 to 31, as an unsigned number. */
  readonly low: number;
  /** Bits 32 to 63, as an unsigned number. */
  readonly high: number;
}

/** How a value is written: a varint, or bytes with their length in front. */
export const WIRE = { varint: 0, bytes: 2 } as const;

/** The bytes are not a protobuf message. */
export class WireError extends Error {
  override readonly name = "WireError";
}

const TWO_TO_32 = 2 ** 32;
const VARINT_BYTES_MAX = 10;

/** Reads a varint of at most 64 bits. */
export function readVarint(reader: WireReader): Varint {
  let low = 0;
  let high = 0;
  for (let i = 0; i < VARINT_BYTES_MAX; i++) {
    const byte = reader.at < reader.end ? reader.bytes[reader.at++] : undefined;
    if (byte === undefined) throw new WireError("unexpected EOF");
    const bits = byte & 0x7f;
    if (i < 4) low |= bits << (7 * i);
    else if (i === 4) {
      // The fifth byte has the four highest bits of one half and the three lowest of the other.
      low |= bits << 28;
      high = bits >>> 4;
    } else high |= bits << (7 * i - 32);
    if (byte < 0x80) return { low: low >>> 0, high: high >>> 0 };
  }
  throw new WireError("integer overflow");
}

/** Reads a varint as an unsigned number: a key or a length. */
export function readUnsigned(reader: WireReader): number {
  const byte = reader.at < reader.end ? (reader.bytes[reader.at] ?? 0x80) : 0x80;
  if (byte >= 0x80) return unsigned64(readVarint(reader));
  reader.at++;
  return byte;
}

/** Reads a length, and moves behind the bytes that follow it. Returns where they begin. */
export function skipBytes(reader: WireReader): number {
  const length = readUnsigned(reader);
  return skip(reader, length);
}

/** Skips the value of an unknown field. */
export function skipValue(reader: WireReader, wireType: number): void {
  if (wireType === WIRE.varint) readVarint(reader);
  else if (wireType === WIRE.bytes) skipBytes(reader);
  else if (wireType === 1) skip(reader, 8);
  else if (wireType === 5) skip(reader, 4);
  else throw new WireError(`illegal wireType ${wireType}`);
}

function skip(reader: WireReader, length: number): number {
  const start = reader.at;
  if (length > reader.end - start) throw new WireError("unexpected EOF");
  reader.at = start + length;
  return start;
}

/** A varint as an int64, rounded to what a double holds. */
export function signed64({ low, high }: Varint): number {
  return (high | 0) * TWO_TO_32 + low;
}

/** A varint as a uint64, rounded to what a double holds. */
export function unsigned64({ low, high }: Varint): number {
  return high * TWO_TO_32 + low;
}

/**
 * Writes an integer as a varint, a negative one in two's complement of 64 bits.
 *
 * A fraction is cut off. A number that 64 bits cannot hold becomes the nearest one that they can.
 *
 * @param max - The largest number of the field's type. Default: that of an int64.
 */
export function varint(value: number, max: bigint = INT64_MAX): Buffer {
  const bytes: number[] = [];
  let rest = Math.trunc(value);
  if (!Number.isSafeInteger(rest) || rest < 0) return bigVarint(BigInt.asUintN(64, nearest(rest, max)));
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
/** The largest number that a uint64 holds. */
export const UINT64_MAX = 2n ** 64n - 1n;

function nearest(integer: number, max: bigint): bigint {
  if (Number.isNaN(integer)) return 0n;
  if (integer >= Number(max)) return max;
  return integer <= Number(INT64_MIN) ? INT64_MIN : BigInt(integer);
}

function bigVarint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** Writes the key of a field. */
export function fieldKey(number: number, wireType: number): Buffer {
  return varint(number * 8 + wireType);
}

/** Writes bytes with their length in front. */
export function withLength(bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(bytes.length), bytes]);
}
