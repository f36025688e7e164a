import type { Int64 } from "../../int64.ts";

/** Wire types of https://protobuf.dev/programming-guides/encoding/ that messages of Kubernetes have. */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;

/** Room for a small object. */
const FIRST_BYTES = 1024;
/** Limit of the first buffer, in small objects. */
const OBJECTS_MAX = 64;
/** The largest integer that bitwise operators take for positive. */
const INT31_MAX = 2 ** 31 - 1;
/** Texts of up to this many characters are copied one by one if they are ASCII: shorter than the way into Node's encoder. */
const SHORT_TEXT = 48;

/**
 * Writes a message from its last byte to its first, as Go's generated code does: the length of a message inside another is
 * known by the time it is written, and no byte is copied twice. Fields are therefore written in descending order.
 */
export class WireWriter {
  #bytes: Buffer;
  /** Where what is written begins. */
  #start: number;

  /** @param objects - How many objects will be written: with room for them, less is copied. Default: one. */
  constructor(objects = 1) {
    this.#start = FIRST_BYTES * Math.max(1, Math.min(objects, OBJECTS_MAX));
    this.#bytes = Buffer.allocUnsafe(this.#start);
  }

  /** How many bytes are written. */
  get byteLength(): number {
    return this.#bytes.byteLength - this.#start;
  }

  /** Returns what is written. The writer is used no more. */
  finish(): Uint8Array {
    return this.#bytes.subarray(this.#start);
  }

  /** Writes an integer field. A negative number takes ten bytes: two's complement in 64 bits. */
  integer(number: number, value: Int64): void {
    this.#varint(value);
    this.#key(number, VARINT);
  }

  double(number: number, value: number): void {
    const at = this.#reserve(8);
    this.#bytes.writeDoubleLE(value, at);
    this.#key(number, FIXED_64);
  }

  text(number: number, value: string): void {
    const { byteLength } = this;
    if (value.length > SHORT_TEXT || !this.#ascii(value)) {
      const length = Buffer.byteLength(value);
      const at = this.#reserve(length);
      this.#bytes.write(value, at, length, "utf8");
    }
    this.delimit(number, byteLength);
  }

  bytes(number: number, value: Uint8Array): void {
    const { byteLength } = this;
    this.raw(value);
    this.delimit(number, byteLength);
  }

  /** Writes bytes without a key. */
  raw(value: Uint8Array): void {
    const at = this.#reserve(value.byteLength);
    this.#bytes.set(value, at);
  }

  /**
   * Makes of what was written last the content of a field.
   *
   * @param since - {@link byteLength} before it was written.
   */
  delimit(number: number, since: number): void {
    this.contentHead(number, this.byteLength - since);
  }

  /** Writes key and length of a field whose content is written elsewhere. */
  contentHead(number: number, byteLength: number): void {
    this.#varint(byteLength);
    this.#key(number, LENGTH_DELIMITED);
  }

  #key(number: number, wireType: number): void {
    this.#varint(number * 8 + wireType);
  }

  #varint(value: Int64): void {
    if (typeof value === "number" && value >= 0 && value <= INT31_MAX) this.#smallVarint(value);
    else this.#largeVarint(BigInt.asUintN(64, BigInt(value)));
  }

  #smallVarint(value: number): void {
    let at = this.#reserve(value < 0x80 ? 1 : Math.ceil((32 - Math.clz32(value)) / 7));
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.#bytes[at++] = (rest & 0x7f) | 0x80;
    this.#bytes[at] = rest;
  }

  #largeVarint(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    this.raw(Uint8Array.from(bytes));
  }

  /** Writes a text; gives up at the first character that is not ASCII, with nothing written. */
  #ascii(value: string): boolean {
    const { length } = value;
    const at = this.#reserve(length);
    const bytes = this.#bytes;
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code >= 0x80) {
        this.#start += length;
        return false;
      }
      bytes[at + index] = code;
    }
    return true;
  }

  /** Returns where the next `length` bytes belong. They may be in another {@link #bytes} than before. */
  #reserve(length: number): number {
    if (length > this.#start) this.#grow(length);
    this.#start -= length;
    return this.#start;
  }

  #grow(length: number): void {
    const { byteLength } = this;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.byteLength * 2, byteLength + length + FIRST_BYTES));
    this.#bytes.copy(grown, grown.byteLength - byteLength, this.#start);
    this.#start = grown.byteLength - byteLength;
    this.#bytes = grown;
  }
}
