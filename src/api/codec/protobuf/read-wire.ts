import { type Int64, int64 } from "../../int64.ts";

/** One field of a message, its value not interpreted yet. */
export interface WireField {
  readonly number: number;
  readonly wireType: number;
  /** Of wire type 0. Two's complement in 64 bits. */
  readonly varint?: bigint;
  /** Of wire types 1, 2 and 5: the eight bytes, the content, the four bytes. A group has neither. */
  readonly bytes?: Uint8Array;
}

const [GROUP_START, GROUP_END] = [3, 4];

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
    throw new WireError("proto: integer overflow");
  };
  const take = (length: number): Uint8Array => {
    // Go reads the length as a signed number.
    if (length >= 2 ** 63) throw new WireError("proto: negative length found during unmarshaling");
    if (length > message.byteLength - at) throw new WireError("unexpected EOF");
    at += length;
    return message.subarray(at - length, at);
  };
  const value = (wireType: number): Pick<WireField, "varint" | "bytes"> => {
    switch (wireType) {
      case 0:
        return { varint: varint() };
      case 1:
        return { bytes: take(8) };
      case 2:
        return { bytes: take(Number(varint())) };
      case 5:
        return { bytes: take(4) };
      default:
        throw new WireError(`proto: illegal wireType ${wireType}`);
    }
  };
  /** Reads to the end of a group, however deep it is, by its depth alone. */
  const skipGroup = () => {
    for (let depth = 1; depth > 0; ) {
      const wireType = Number(varint() & 7n);
      if (wireType === GROUP_START) depth++;
      else if (wireType === GROUP_END) depth--;
      else value(wireType);
    }
  };
  while (at < message.byteLength) {
    const key = Number(varint());
    const [number, wireType] = [Math.floor(key / 8), key % 8];
    if (wireType === GROUP_END) throw new WireError("proto: wiretype end group for non-group");
    yield { number, wireType, ...(wireType !== GROUP_START && value(wireType)) };
    // The decoder of the field has refused it by now.
    if (wireType === GROUP_START) skipGroup();
  }
}

/** @throws {WireError} for a field that has content instead. */
export function varintOf({ varint, number, wireType }: WireField): bigint {
  if (varint === undefined) throw wrongType(wireType, String(number));
  return varint;
}

/** @throws {WireError} for a field that has a varint instead, or a group. */
export function contentOf({ bytes, number, wireType }: WireField, name = String(number)): Uint8Array {
  if (bytes === undefined) throw wrongType(wireType, name);
  return bytes;
}

function wrongType(wireType: number, field: string): WireError {
  return new WireError(`proto: wrong wireType = ${wireType} for field ${field}`);
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
