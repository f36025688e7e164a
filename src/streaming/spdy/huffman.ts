import type { BitReader } from "./bit-reader.ts";
import { ProtocolError } from "./protocol-error.ts";

/** Longest code deflate knows. */
const CODE_MAX_BITS = 15;

/** A canonical Huffman code: how many codes each length has, and the symbols in the order of their codes. */
export interface HuffmanTable {
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
}

/** @param lengths - Bits of each symbol's code; 0 for symbols that do not occur. */
export function huffmanTable(lengths: readonly number[]): HuffmanTable {
  const counts = new Array<number>(CODE_MAX_BITS + 1).fill(0);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;

  let left = 1;
  for (let bits = 1; bits <= CODE_MAX_BITS; bits++) {
    left = left * 2 - (counts[bits] ?? 0);
    if (left < 0) throw new ProtocolError("header block has more codes than their lengths allow");
  }
  const symbols = lengths
    .map((length, symbol) => ({ length, symbol }))
    .filter(({ length }) => length > 0)
    .sort((a, b) => a.length - b.length || a.symbol - b.symbol)
    .map(({ symbol }) => symbol);
  return { counts, symbols };
}

/** Reads one code and answers its symbol. */
export function readSymbol(bits: BitReader, { counts, symbols }: HuffmanTable): number {
  let code = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length <= CODE_MAX_BITS; length++) {
    const count = counts[length] ?? 0;
    code = code * 2 + bits.read(1);
    if (code - first < count) return symbols[index + code - first] ?? 0;
    index += count;
    first = (first + count) * 2;
  }
  throw new ProtocolError("header block has a code that stands for nothing");
}

/** How many bytes a length symbol (257 to 285) copies, its extra bits read. */
export function lengthCode(bits: BitReader, symbol: number): number {
  const index = symbol - 257;
  if (index < 8) return index + 3;
  if (index === 28) return 258;
  if (index > 28) throw new ProtocolError(`header block has length code ${symbol}`);
  const extra = (index >> 2) - 1;
  return ((4 + (index & 3)) << extra) + 3 + bits.read(extra);
}

/** How far back a distance symbol (0 to 29) copies from, its extra bits read. */
export function distanceCode(bits: BitReader, symbol: number): number {
  if (symbol < 4) return symbol + 1;
  if (symbol > 29) throw new ProtocolError(`header block has distance code ${symbol}`);
  const extra = (symbol >> 1) - 1;
  return ((2 + (symbol & 1)) << extra) + 1 + bits.read(extra);
}
