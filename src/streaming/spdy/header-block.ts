import { headerDictionary, headerDictionaryId } from "./dictionary.ts";
import { createInflater } from "./inflate.ts";
import { ProtocolError } from "./protocol-error.ts";

/** Header names in lower case; several values of one name are joined by NUL, as on the wire. */
export type SpdyHeaders = ReadonlyMap<string, string>;

/** Most that one header block may hold uncompressed. Kubernetes' streams have two or three short headers. */
const BLOCK_MAX_BYTES = 65_536;

/** Largest stored deflate block. */
const STORED_MAX_BYTES = 65_535;

/** zlib's header for a 32 KiB window, with a dictionary; then the dictionary's checksum. */
const zlibHeader = Uint8Array.of(0x78, 0xf9, ...uint32(headerDictionaryId));

/** An empty stored block: the sync flush that lets the peer read everything up to here. */
const syncFlush = Uint8Array.of(0x00, 0x00, 0x00, 0xff, 0xff);

/** Compresses the header blocks of one direction of one connection, in the order they are sent. */
export type HeaderCompressor = (headers: SpdyHeaders) => Uint8Array;

/** Uncompresses them; throws {@link ProtocolError} when they are malformed. */
export type HeaderDecompressor = (block: Uint8Array) => SpdyHeaders;

/**
 * Writes valid zlib without compressing: a header block of a Kubernetes stream has some sixty bytes, and
 * stored blocks need no state.
 */
export function createHeaderCompressor(): HeaderCompressor {
  let started = false;
  return (headers) => {
    const plain = encodeHeaders(headers);
    const parts: Uint8Array[] = started ? [] : [zlibHeader];
    started = true;
    for (let at = 0; at < plain.length; at += STORED_MAX_BYTES) {
      const piece = plain.subarray(at, at + STORED_MAX_BYTES);
      parts.push(storedHeader(piece.length), piece);
    }
    return concat([...parts, syncFlush]);
  };
}

export function createHeaderDecompressor(): HeaderDecompressor {
  const inflater = createInflater(headerDictionary, headerDictionaryId, BLOCK_MAX_BYTES);
  return (block) => decodeHeaders(inflater.inflate(block));
}

function encodeHeaders(headers: SpdyHeaders): Uint8Array {
  const text = new TextEncoder();
  const parts = [uint32(headers.size)];
  for (const [name, value] of headers) {
    for (const bytes of [text.encode(name.toLowerCase()), text.encode(value)]) parts.push(uint32(bytes.length), bytes);
  }
  return concat(parts);
}

function decodeHeaders(plain: Uint8Array): SpdyHeaders {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.length);
  const text = new TextDecoder();
  let at = 0;
  const number = () => {
    if (at + 4 > plain.length) throw new ProtocolError("header block ends within a length");
    at += 4;
    return view.getUint32(at - 4);
  };
  const word = () => {
    const length = number();
    if (at + length > plain.length) throw new ProtocolError("header block ends within a name or value");
    at += length;
    return text.decode(plain.subarray(at - length, at));
  };

  const headers = new Map<string, string>();
  for (let left = number(); left > 0; left--) {
    const name = word();
    if (name === "" || name !== name.toLowerCase()) throw new ProtocolError(`header name ${JSON.stringify(name)}`);
    if (headers.has(name)) throw new ProtocolError(`header ${name} occurs twice`);
    headers.set(name, word());
  }
  if (at !== plain.length) throw new ProtocolError("header block goes on behind its last header");
  return headers;
}

function storedHeader(length: number): Uint8Array {
  return Uint8Array.of(0x00, length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
