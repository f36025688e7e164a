import { NAME_BYTES_MAX } from "./byte-reader.ts";
import { WireError } from "./wire-error.ts";

/** Pointers have 14 bits. */
const POINTER_MAX = 0x3fff;
const LABEL_BYTES_MAX = 63;
const BACKSLASH = 0x5c;
const DOT = 0x2e;

/** Writes a message from front to back, into room that grows as needed. */
export interface ByteWriter {
  readonly length: number;
  uint8(value: number): void;
  uint16(value: number): void;
  uint32(value: number): void;
  raw(bytes: Uint8Array): void;
  /** A name; what was written before of its end is pointed to. */
  name(name: string): void;
  /** Writes two bytes with the length of what `write` writes, and then that. */
  sized(write: () => void): void;
  /** Writes over an earlier place. */
  uint16At(offset: number, value: number): void;
  rawAt(offset: number, bytes: Uint8Array): void;
  /** Sets bits of a byte that was written before. */
  setBits(offset: number, bits: number): void;
  /** Forgets everything from `length` on. */
  truncate(length: number): void;
  /** A copy of the bytes so far. */
  bytes(): Uint8Array;
}

const shared = createByteWriter();

/**
 * Returns what `write` writes into an empty writer. It is the same writer for every message: a new one with its room would cost more
 * than most messages. `write` must not call this function.
 */
export function written(write: (writer: ByteWriter) => void): Uint8Array {
  shared.truncate(0);
  write(shared);
  return shared.bytes();
}

function createByteWriter(): ByteWriter {
  let room = new Uint8Array(512);
  let length = 0;
  /** Where each name, and each end of a name, starts. */
  const places = new Map<string, number>();

  function grow(by: number): void {
    if (length + by <= room.length) return;
    const larger = new Uint8Array(Math.max(room.length * 2, length + by));
    larger.set(room);
    room = larger;
  }

  const writer: ByteWriter = {
    get length() {
      return length;
    },
    uint8(value) {
      grow(1);
      room[length] = value;
      length += 1;
    },
    uint16(value) {
      writer.uint8(value >>> 8);
      writer.uint8(value & 0xff);
    },
    uint32(value) {
      writer.uint16(value >>> 16);
      writer.uint16(value & 0xffff);
    },
    raw(bytes) {
      grow(bytes.length);
      room.set(bytes, length);
      length += bytes.length;
    },
    name: (name) => writeName(writer, places, name),
    sized(write) {
      const at = length;
      writer.uint16(0);
      write();
      writer.uint16At(at, length - at - 2);
    },
    uint16At(offset, value) {
      room[offset] = value >>> 8;
      room[offset + 1] = value & 0xff;
    },
    rawAt(offset, bytes) {
      room.set(bytes, offset);
    },
    setBits(offset, bits) {
      room[offset] = (room[offset] ?? 0) | bits;
    },
    truncate(to) {
      length = to;
      if (to === 0) places.clear();
      else for (const [name, at] of places) if (at >= to) places.delete(name);
    },
    bytes: () => room.slice(0, length),
  };
  return writer;
}

/** Label by label, until the rest was written before. */
function writeName(writer: ByteWriter, places: Map<string, number>, name: string): void {
  // Escapes only make the text longer: most names need no exact count.
  if (name.length > NAME_BYTES_MAX - 2 && wireBytes(name) > NAME_BYTES_MAX) {
    throw new WireError(`Cannot write a name of ${wireBytes(name)} bytes: it must have at most ${NAME_BYTES_MAX}`);
  }
  for (let rest = name; rest !== ""; ) {
    const pointer = places.get(rest);
    if (pointer !== undefined) {
      writer.uint16(0xc000 | pointer);
      return;
    }
    if (writer.length <= POINTER_MAX) places.set(rest, writer.length);
    rest = writeLabel(writer, rest, name);
  }
  writer.uint8(0);
}

/** Writes the first label of `rest` and returns what follows it. */
function writeLabel(writer: ByteWriter, rest: string, name: string): string {
  const end = labelEnd(rest);
  const at = writer.length;
  writer.uint8(0);
  for (let i = 0; i < end; i++) {
    const character = rest.charCodeAt(i);
    if (character !== BACKSLASH) writer.uint8(character);
    else if (/^\d{3}/.test(rest.slice(i + 1, i + 4))) {
      writer.uint8(Number(rest.slice(i + 1, i + 4)));
      i += 3;
    } else writer.uint8(rest.charCodeAt(++i));
  }
  const size = writer.length - at - 1;
  if (size === 0 || size > LABEL_BYTES_MAX) throw new WireError(`Cannot write the name ${JSON.stringify(name)}`);
  writer.setBits(at, size);
  return rest.slice(end + 1);
}

/** Length of an uncompressed name on the wire. */
function wireBytes(name: string): number {
  return name.replaceAll(/\\(?:\d{3}|.)/g, "x").length + 2;
}

/** Where the first label of a name ends; escaped dots do not end it. */
function labelEnd(name: string): number {
  for (let i = 0; i < name.length; i++) {
    const character = name.charCodeAt(i);
    if (character === BACKSLASH) i += 1;
    else if (character === DOT) return i;
  }
  return name.length;
}
