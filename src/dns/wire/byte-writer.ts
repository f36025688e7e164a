import { NAME_BYTES_MAX } from "./byte-reader.ts";
import { WireError } from "./wire-error.ts";

/** Pointers have 14 bits. */
const POINTER_MAX = 0x3fff;

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
  /** Forgets everything from `length` on. */
  truncate(length: number): void;
  /** The bytes so far; they are the writer's own until it is written to again. */
  bytes(): Uint8Array;
}

export function createByteWriter(): ByteWriter {
  let room = new Uint8Array(512);
  let length = 0;
  /** Where each name, and each end of a name, starts. */
  const written = new Map<string, number>();

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
    name: (name) => writeName(writer, written, name),
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
    truncate(to) {
      length = to;
      for (const [name, at] of written) if (at >= to) written.delete(name);
    },
    bytes: () => room.subarray(0, length),
  };
  return writer;
}

/** Label by label, until the rest was written before. */
function writeName(writer: ByteWriter, written: Map<string, number>, name: string): void {
  // Escapes only make the text longer: most names need no exact count.
  if (name.length > NAME_BYTES_MAX - 2 && wireBytes(name) > NAME_BYTES_MAX) {
    throw new WireError(`Cannot write a name of ${wireBytes(name)} bytes: it must have at most ${NAME_BYTES_MAX}`);
  }
  for (let rest = name; rest !== ""; ) {
    const pointer = written.get(rest);
    if (pointer !== undefined) {
      writer.uint16(0xc000 | pointer);
      return;
    }
    if (writer.length <= POINTER_MAX) written.set(rest, writer.length);
    const end = labelEnd(rest);
    const bytes = labelBytes(rest.slice(0, end));
    if (bytes.length === 0 || bytes.length > 63) throw new WireError(`Cannot write the name ${JSON.stringify(name)}`);
    writer.uint8(bytes.length);
    writer.raw(bytes);
    rest = rest.slice(end + 1);
  }
  writer.uint8(0);
}

/** Length of an uncompressed name on the wire. */
function wireBytes(name: string): number {
  return name.replaceAll(/\\(?:\d{3}|.)/g, "x").length + 2;
}

/** Where the first label of a name ends; escaped dots do not end it. */
function labelEnd(name: string): number {
  for (let i = 0; i < name.length; i++) {
    if (name[i] === "\\") i += 1;
    else if (name[i] === ".") return i;
  }
  return name.length;
}

function labelBytes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== "\\") bytes.push(text.charCodeAt(i));
    else if (/^\d{3}/.test(text.slice(i + 1))) {
      bytes.push(Number(text.slice(i + 1, i + 4)));
      i += 3;
    } else bytes.push(text.charCodeAt(++i));
  }
  return Uint8Array.from(bytes);
}
