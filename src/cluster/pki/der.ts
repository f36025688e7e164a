/** Writes and reads ASN.1's distinguished encoding (ITU-T X.690): the part that certificates need. */

const TAG = { boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, oid: 0x06, utf8String: 0x0c } as const;
const TIME_TAG = { utc: 0x17, generalized: 0x18 } as const;
const CONSTRUCTED_TAG = { sequence: 0x30, set: 0x31, context: 0xa0 } as const;
const CONTEXT_TAG = 0x80;
/** Lengths up to here take one byte. */
const SHORT_LENGTH_MAX = 0x7f;

/** An element of any kind: tag, length, content. */
function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(body.length)]), body]);
}

function lengthBytes(length: number): readonly number[] {
  if (length <= SHORT_LENGTH_MAX) return [length];
  const bytes = bigEndian(length);
  return [0x80 | bytes.length, ...bytes];
}

function bigEndian(value: number): readonly number[] {
  return value < 0x100 ? [value] : [...bigEndian(Math.floor(value / 0x100)), value % 0x100];
}

export function sequence(...elements: readonly Uint8Array[]): Buffer {
  return element(CONSTRUCTED_TAG.sequence, ...elements);
}

/** A set of one element, as names have: more would have to be sorted. */
export function setOf(only: Uint8Array): Buffer {
  return element(CONSTRUCTED_TAG.set, only);
}

/** `[tag]`, with other elements in it. */
export function tagged(tag: number, ...elements: readonly Uint8Array[]): Buffer {
  return element(CONSTRUCTED_TAG.context | tag, ...elements);
}

/** `[tag] IMPLICIT`, with bytes in it. */
export function taggedBytes(tag: number, content: Uint8Array): Buffer {
  return element(CONTEXT_TAG | tag, content);
}

/** @param bytes - Big-endian and positive: the first bit is 0. No leading zero byte but that of a single 0. */
export function integer(bytes: Uint8Array): Buffer {
  return element(TAG.integer, bytes);
}

export function boolean(value: boolean): Buffer {
  return element(TAG.boolean, Buffer.from([value ? 0xff : 0]));
}

export function octetString(content: Uint8Array): Buffer {
  return element(TAG.octetString, content);
}

/** @param unusedBits - At the end of the last byte. */
export function bitString(content: Uint8Array, unusedBits = 0): Buffer {
  return element(TAG.bitString, Buffer.from([unusedBits]), content);
}

export function utf8String(text: string): Buffer {
  return element(TAG.utf8String, Buffer.from(text));
}

/** @param dotted - `2.5.4.3`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split(".").map(Number);
  return element(TAG.oid, Buffer.from([first * 40 + second, ...others].flatMap(base128)));
}

/** Seven bits a byte; all bytes but the last have the eighth bit set. */
function base128(value: number): readonly number[] {
  const upper = Math.floor(value / 0x80);
  return [...(upper === 0 ? [] : base128(upper).map((byte) => byte | 0x80)), value % 0x80];
}

/** To the second. Years from 2050 on take another form (RFC 5280 §4.1.2.5). */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  const [tag, text] = date.getUTCFullYear() < 2050 ? [TIME_TAG.utc, digits.slice(2)] : [TIME_TAG.generalized, digits];
  return element(tag, Buffer.from(text));
}

/** An element as it was read. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** The whole element: tag, length, content. */
  readonly bytes: Buffer;
}

/**
 * The elements that lie one behind the other in `bytes`.
 *
 * @throws when one is longer than what there is.
 */
export function readElements(bytes: Buffer): readonly DerElement[] {
  const found: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at + 1] ?? 0;
    const lengthSize = first > SHORT_LENGTH_MAX ? first & 0x7f : 0;
    const start = at + 2 + lengthSize;
    const length = lengthSize === 0 ? first : bytes.readUIntBE(at + 2, lengthSize);
    if (start + length > bytes.length) throw new Error("Cannot read a certificate: an element is longer than it");
    const content = bytes.subarray(start, start + length);
    found.push({ tag: bytes[at] ?? 0, content, bytes: bytes.subarray(at, start + length) });
    at = start + length;
  }
  return found;
}
