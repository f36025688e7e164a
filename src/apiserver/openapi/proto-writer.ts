const encoder = new TextEncoder();
/** A field's number times eight, plus the wire type. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Pieces of a protobuf message, to be joined once at the end. */
export type Piece = Uint8Array;

/** A text field; nothing for an absent or empty one. */
export function textField(number: number, value: string | undefined): readonly Piece[] {
  return value === undefined || value === "" ? [] : bytesField(number, encoder.encode(value));
}

/** A boolean field; nothing for `false`. */
export function boolField(number: number, value: boolean | undefined): readonly Piece[] {
  return value === true ? [key(number, VARINT), Uint8Array.of(1)] : [];
}

/** A field that holds a message, an empty one too. */
export function messageField(number: number, ...fields: readonly (readonly Piece[])[]): readonly Piece[] {
  return bytesField(number, message(...fields));
}

/** A message of some fields. */
export function message(...fields: readonly (readonly Piece[])[]): Uint8Array {
  return Buffer.concat(fields.flat());
}

function bytesField(number: number, bytes: Uint8Array): readonly Piece[] {
  return [key(number, LENGTH_DELIMITED), varint(bytes.byteLength), bytes];
}

function key(number: number, wireType: number): Piece {
  return varint(number * 8 + wireType);
}

function varint(value: number): Piece {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
