import { BitReader } from "./bit-reader.ts";
import { distanceCode, type HuffmanTable, huffmanTable, lengthCode, readSymbol } from "./huffman.ts";
import { ProtocolError } from "./protocol-error.ts";

/** How far back a copy may reach (RFC 1951 3.2.5). */
const WINDOW_BYTES = 32_768;

/** Order in which a dynamic block gives the lengths of the codes for code lengths (RFC 1951 3.2.7). */
const codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const fixedLiterals = huffmanTable([
  ...new Array<number>(144).fill(8),
  ...new Array<number>(112).fill(9),
  ...new Array<number>(24).fill(7),
  ...new Array<number>(8).fill(8),
]);
const fixedDistances = huffmanTable(new Array<number>(30).fill(5));

/** Reads one zlib stream (RFC 1950) piece by piece, each piece ended by a sync flush as SPDY's header blocks are. */
export interface Inflater {
  /**
   * @returns What the piece holds, uncompressed.
   * @throws {@link ProtocolError} when the piece is malformed, ends within a block, or grows beyond the limit.
   */
  inflate(piece: Uint8Array): Uint8Array;
}

/** @param outputMaxBytes - Most that one piece may become. */
export function createInflater(dictionary: Uint8Array, dictionaryId: number, outputMaxBytes: number): Inflater {
  let started = false;
  let window = dictionary;
  return {
    inflate(piece) {
      const body = started ? piece : piece.subarray(readZlibHeader(piece, dictionaryId));
      started = true;
      const output = new Output(window, outputMaxBytes);
      const bits = new BitReader(body);
      while (!bits.atEnd()) inflateBlock(bits, output);
      window = output.window();
      return output.bytes();
    },
  };
}

/** @returns Length of the header. */
function readZlibHeader(piece: Uint8Array, dictionaryId: number): number {
  const [method = 0, flags = 0] = piece;
  if ((method & 0x0f) !== 8 || (method * 256 + flags) % 31 !== 0) throw new ProtocolError("header block is not zlib");
  if ((flags & 0x20) === 0) return 2;
  if (piece.length < 6) throw new ProtocolError("header block ends within the zlib header");
  const named = new DataView(piece.buffer, piece.byteOffset).getUint32(2);
  if (named !== dictionaryId) throw new ProtocolError(`header block names dictionary ${named.toString(16)}`);
  return 6;
}

function inflateBlock(bits: BitReader, output: Output): void {
  if (bits.read(1) === 1) throw new ProtocolError("header compression was ended");
  switch (bits.read(2)) {
    case 0:
      copyStored(bits, output);
      return;
    case 1:
      inflateCodes(bits, output, fixedLiterals, fixedDistances);
      return;
    case 2: {
      const { literals, distances } = readTables(bits);
      inflateCodes(bits, output, literals, distances);
      return;
    }
    default:
      throw new ProtocolError("header block has a deflate block of reserved type 3");
  }
}

function copyStored(bits: BitReader, output: Output): void {
  bits.alignToByte();
  const length = bits.read(16);
  if ((bits.read(16) ^ 0xffff) !== length) throw new ProtocolError("header block has a stored block of unsure length");
  for (let i = 0; i < length; i++) output.append(bits.read(8));
}

function inflateCodes(bits: BitReader, output: Output, literals: HuffmanTable, distances: HuffmanTable): void {
  for (;;) {
    const symbol = readSymbol(bits, literals);
    if (symbol === 256) return;
    if (symbol < 256) output.append(symbol);
    else output.copy(lengthCode(bits, symbol), distanceCode(bits, readSymbol(bits, distances)));
  }
}

function readTables(bits: BitReader): { literals: HuffmanTable; distances: HuffmanTable } {
  const literalCount = bits.read(5) + 257;
  const distanceCount = bits.read(5) + 1;
  const codeLengthCount = bits.read(4) + 4;

  const codeLengths = new Array<number>(19).fill(0);
  for (const position of codeLengthOrder.slice(0, codeLengthCount)) codeLengths[position] = bits.read(3);
  const lengths = readLengths(bits, huffmanTable(codeLengths), literalCount + distanceCount);
  return {
    literals: huffmanTable(lengths.slice(0, literalCount)),
    distances: huffmanTable(lengths.slice(literalCount)),
  };
}

function readLengths(bits: BitReader, table: HuffmanTable, count: number): number[] {
  const lengths: number[] = [];
  while (lengths.length < count) {
    const symbol = readSymbol(bits, table);
    if (symbol < 16) lengths.push(symbol);
    else if (symbol === 16) repeat(lengths, lengths.at(-1), bits.read(2) + 3);
    else if (symbol === 17) repeat(lengths, 0, bits.read(3) + 3);
    else repeat(lengths, 0, bits.read(7) + 11);
  }
  if (lengths.length > count) throw new ProtocolError("header block repeats code lengths beyond their number");
  return lengths;
}

function repeat(lengths: number[], length: number | undefined, count: number): void {
  if (length === undefined) throw new ProtocolError("header block repeats a code length before the first");
  for (let i = 0; i < count; i++) lengths.push(length);
}

/** What has been uncompressed, behind the window that copies may reach into. */
class Output {
  readonly #start: number;
  readonly #maxBytes: number;
  #buffer: Uint8Array;
  #end: number;

  constructor(window: Uint8Array, maxBytes: number) {
    this.#start = window.length;
    this.#end = window.length;
    this.#maxBytes = maxBytes;
    this.#buffer = new Uint8Array(window.length + 1024);
    this.#buffer.set(window);
  }

  append(byte: number): void {
    if (this.#end - this.#start >= this.#maxBytes) {
      throw new ProtocolError(`header block is larger than ${this.#maxBytes} bytes`);
    }
    if (this.#end === this.#buffer.length) this.#grow();
    this.#buffer[this.#end++] = byte;
  }

  copy(length: number, distance: number): void {
    if (distance > this.#end) throw new ProtocolError("header block copies from before its beginning");
    for (let i = 0; i < length; i++) this.append(this.#buffer[this.#end - distance] ?? 0);
  }

  bytes(): Uint8Array {
    return this.#buffer.slice(this.#start, this.#end);
  }

  window(): Uint8Array {
    return this.#buffer.slice(Math.max(0, this.#end - WINDOW_BYTES), this.#end);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#buffer.length * 2);
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}
