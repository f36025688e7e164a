import { type Int64, int64 } from "../../../api/int64.ts";

/** One field of a message, its value not interpreted yet. */
export interface WireField {
  readonly number: number;
  /** Of wire type 0. Two's complement in 64 bits. */
  readonly varint?: bigint;
  /** Of wire types 1, 2 and 5: the eight bytes, the content, the four bytes. */
  readonly bytes?: Uint8Array;
}

/** Most bits of a varint, in the ten bytes that it may have. */
export const VARINT_BITS = 70n;

/** The bytes are not a protobuf message. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** Reads the fields of a message in their order. https://protobuf.dev/programming-guides/encoding/ */
export function* wireFields(message: Uint8Array): Generator<WireField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < VARINT_BITS; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new WireError("unexpected EOF");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireError("integer overflow");
  };
  const take = (length: number): Uint8Array => {
    if (length > message.byteLength - at) throw new WireError("unexpected EOF");
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.byteLength) {
    const key = Number(varint());
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        yield { number, varint: varint() };
        break;
      case 1:
        yield { number, bytes: take(8) };
        break;
      case 2:
        yield { number, bytes: take(Number(varint())) };
        break;
      case 5:
        yield { number, bytes: take(4) };
        break;
      default:
        throw new WireError(`illegal wireType ${key % 8}`);
    }
  }
}

/** A varint as the number that an int32 field means. As Go's, it drops the bits above. */
export function signed32(varint: bigint): number {
  return Number(BigInt.asIntN(32, varint));
}

/** A varint as the number that an int64 field means. */
export function signed64(varint: bigint): Int64 {
  // Cut to 64 bits, it is one.
  return int64(BigInt.asIntN(64, varint)) ?? 0;
}

/** Content as text. */
export function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

const decoder = new TextDecoder();
