import { WireError } from "./wire-error.ts";

/** Names begin after the header. */
const HEADER_BYTES = 12;
/** Longest name on the wire, in bytes (RFC 1035 §2.3.4). */
export const NAME_BYTES_MAX = 255;

/** Reads a message from front to back. Every method throws {@link WireError} at the end of the bytes. */
export interface ByteReader {
  offset: number;
  readonly bytes: Uint8Array;
  uint8(): number;
  uint16(): number;
  uint32(): number;
  take(length: number): Uint8Array;
  /** A name, following compression pointers (RFC 1035 §4.1.4), in lower case. */
  name(): string;
}

export function createByteReader(bytes: Uint8Array, offset = 0): ByteReader {
  const reader: ByteReader = {
    offset,
    bytes,
    uint8() {
      const value = bytes[reader.offset];
      if (value === undefined) throw new WireError("The message ends early");
      reader.offset += 1;
      return value;
    },
    uint16: () => reader.uint8() * 0x100 + reader.uint8(),
    uint32: () => reader.uint16() * 0x1_0000 + reader.uint16(),
    take(length) {
      const end = reader.offset + length;
      if (end > bytes.length) throw new WireError("The message ends early");
      const taken = bytes.subarray(reader.offset, end);
      reader.offset = end;
      return taken;
    },
    name: () => readName(reader),
  };
  return reader;
}

function readName(reader: ByteReader): string {
  const labels: string[] = [];
  let end: number | undefined;
  let length = 1;
  for (let size = reader.uint8(); size !== 0; size = reader.uint8()) {
    if (size >= 0xc0) {
      const pointer = (size - 0xc0) * 0x100 + reader.uint8();
      end ??= reader.offset;
      // Backwards: a circle would have to pass labels, and ends at the longest name.
      if (pointer >= reader.offset - 2 || pointer < HEADER_BYTES) throw new WireError("A name points nowhere");
      reader.offset = pointer;
      continue;
    }
    if (size > 63) throw new WireError("A label has an unknown form");
    length += size + 1;
    if (length > NAME_BYTES_MAX) throw new WireError("A name is too long");
    labels.push(labelText(reader.take(size)));
  }
  if (end !== undefined) reader.offset = end;
  return labels.join(".");
}

/**
 * Letters in lower case; dots, backslashes and unprintable bytes escaped as in zone files (RFC 1035 §5.1). A dot inside a label is
 * `\046`, so that every dot of a name separates labels.
 */
function labelText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    const character = String.fromCharCode(byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);
    if (character === "\\") text += "\\\\";
    else if (byte > 0x20 && byte < 0x7f && character !== ".") text += character;
    else text += `\\${String(byte).padStart(3, "0")}`;
  }
  return text;
}
