import type { MessageField, ValueType } from "./message-fields.ts";
import { messageFields } from "./message-fields.ts";
import type { WireReader } from "./wire.ts";
import {
  fieldKey,
  readUnsigned,
  readVarint,
  signed64,
  skipBytes,
  skipValue,
  UINT64_MAX,
  unsigned64,
  varint,
  WIRE,
  WireError,
  withLength,
} from "./wire.ts";

/** Writes and reads one message of CRI. */
export interface MessageCodec {
  /** Writes the fields that are present, zero values included. A field that CRI does not have is left out. */
  encode(message: object): Buffer;
  /**
   * Returns an object with every field: lists and maps that were not sent are empty, messages null, other values zero.
   * Integers are numbers, rounded to what a double holds; enumerations are names, or numbers that CRI does not have.
   *
   * @throws {WireError} when the bytes are no such message. Fields of other numbers are skipped.
   */
  decode(bytes: Buffer): object;
}

type Values = Record<string, unknown>;

/** The fields of a message. */
interface Layout {
  readonly fields: readonly MessageField[];
  readonly byNumber: ReadonlyMap<number, MessageField>;
}

const layouts = new Map<string, Layout>();

/** Returns the layout of a message. It is made at the first call: a program uses few of them. */
function layoutOf(message: string): Layout {
  const made = layouts.get(message);
  if (made !== undefined) return made;
  const fields = messageFields(message);
  const layout = { fields, byNumber: new Map(fields.map((field) => [field.number, field])) };
  layouts.set(message, layout);
  return layout;
}

/** Returns the codec of a message. */
export function messageCodec(message: string): MessageCodec {
  const layout = layoutOf(message);
  return {
    encode: (values) => encodeMessage(values, layout),
    decode: (bytes) => decodeMessage({ bytes, at: 0, end: bytes.length }, layout),
  };
}

function encodeMessage(values: object, { fields }: Layout): Buffer {
  return Buffer.concat(fields.flatMap((field) => encodeField(field, (values as Values)[field.name])));
}

function encodeField({ number, name, shape, value: type }: MessageField, value: unknown): Buffer[] {
  if (value === undefined || value === null) return [];
  if (shape === "single") return [fieldKey(number, wireTypeOf(type)), encodeValue(type, value)];
  if (shape === "map") {
    const key = fieldKey(number, WIRE.bytes);
    return Object.entries(value).flatMap(([entryKey, entryValue]) => [
      key,
      withLength(
        Buffer.concat([encodeEntryKey(entryKey), ENTRY_VALUE[wireTypeOf(type)], encodeValue(type, entryValue)]),
      ),
    ]);
  }
  if (!Array.isArray(value)) throw new Error(`Cannot write the field ${name}: not an array`);
  if (value.length === 0) return [];
  const items = value.map((item) => encodeValue(type, item));
  // Numbers of a list are packed into one value.
  if (wireTypeOf(type) === WIRE.varint) return [fieldKey(number, WIRE.bytes), withLength(Buffer.concat(items))];
  const key = fieldKey(number, WIRE.bytes);
  return items.flatMap((item) => [key, item]);
}

/** The key of an entry's value, the entry's second field. */
const ENTRY_VALUE = { [WIRE.varint]: fieldKey(2, WIRE.varint), [WIRE.bytes]: fieldKey(2, WIRE.bytes) };

function encodeEntryKey(key: string): Buffer {
  return Buffer.concat([fieldKey(1, WIRE.bytes), withLength(Buffer.from(key))]);
}

function wireTypeOf({ type }: ValueType): typeof WIRE.varint | typeof WIRE.bytes {
  return type === "string" || type === "bytes" || type === "message" ? WIRE.bytes : WIRE.varint;
}

function encodeValue(type: ValueType, value: unknown): Buffer {
  switch (type.type) {
    case "string":
      return withLength(Buffer.from(String(value)));
    case "bytes":
      if (!(value instanceof Uint8Array)) throw new Error("Cannot write bytes: not a Uint8Array");
      return withLength(value);
    case "message":
      if (typeof value !== "object" || value === null) throw new Error(`Cannot write ${type.name}: not an object`);
      return withLength(encodeMessage(value, layoutOf(type.name)));
    case "bool":
      return varint(value ? 1 : 0);
    case "enum":
      return varint(enumNumber(type.numbers, value));
    case "int32":
      return varint(Number(value) | 0);
    case "uint32":
      return varint(Number(value) >>> 0);
    case "int64":
      return varint(Number(value));
    case "uint64":
      return varint(Number(value), UINT64_MAX);
  }
}

function enumNumber(numbers: Readonly<Record<string, number>>, value: unknown): number {
  const number = typeof value === "string" && Object.hasOwn(numbers, value) ? numbers[value] : value;
  if (typeof number !== "number") throw new Error(`CRI has no enumerated value ${JSON.stringify(value)}`);
  return number;
}

function emptyField({ shape, value: type }: MessageField): unknown {
  if (shape === "list") return [];
  if (shape === "map") return {};
  return emptyValue(type);
}

function emptyValue(type: ValueType): unknown {
  switch (type.type) {
    case "string":
      return "";
    case "bytes":
      return Buffer.alloc(0);
    case "message":
      return null;
    case "bool":
      return false;
    case "enum":
      return type.names[0];
    default:
      return 0;
  }
}

function decodeMessage(reader: WireReader, { fields, byNumber }: Layout): object {
  const values: Values = {};
  for (const field of fields) values[field.name] = emptyField(field);
  while (reader.at < reader.end) decodeField(reader, byNumber, values);
  return values;
}

function decodeField(reader: WireReader, fields: Layout["byNumber"], values: Values): void {
  const key = readKey(reader);
  const wireType = key % 8;
  const field = fields.get(Math.floor(key / 8));
  if (field === undefined) {
    skipValue(reader, wireType);
    return;
  }
  const { name, shape, value: type } = field;
  if (shape === "single") values[name] = decodeValue(reader, type, wireType);
  // What `emptyField` has put there.
  else if (shape === "map") decodeEntry(reader, type, wireType, values[name] as Values);
  else decodeItems(reader, type, wireType, values[name] as unknown[]);
}

/** Reads the key of a field: eight times its number, and the wire type. */
function readKey(reader: WireReader): number {
  const key = readUnsigned(reader);
  if (key < 8) throw new WireError("illegal tag 0");
  return key;
}

function decodeItems(reader: WireReader, type: ValueType, wireType: number, items: unknown[]): void {
  if (wireType !== WIRE.bytes || wireTypeOf(type) === WIRE.bytes) {
    items.push(decodeValue(reader, type, wireType));
    return;
  }
  const packed = inside(reader);
  while (packed.at < packed.end) items.push(decodeValue(packed, type, WIRE.varint));
}

function decodeEntry(outer: WireReader, type: ValueType, wireType: number, entries: Values): void {
  if (wireType !== WIRE.bytes) throw wrongType(wireType, "a map");
  const reader = inside(outer);
  let name = "";
  let value = emptyValue(type);
  while (reader.at < reader.end) {
    const key = readKey(reader);
    const number = Math.floor(key / 8);
    if (number === 1) name = decodeText(reader, key % 8);
    else if (number === 2) value = decodeValue(reader, type, key % 8);
    else skipValue(reader, key % 8);
  }
  // An assignment would change the object's prototype.
  if (name === "__proto__") Object.defineProperty(entries, name, { value, ...ORDINARY });
  else entries[name] = value;
}

const ORDINARY = { enumerable: true, writable: true, configurable: true };

/** Reads a length; returns a reader of the bytes that follow it. */
function inside(reader: WireReader): WireReader {
  const at = skipBytes(reader);
  return { bytes: reader.bytes, at, end: reader.at };
}

function decodeText(reader: WireReader, wireType: number): string {
  if (wireType !== WIRE.bytes) throw wrongType(wireType, "string");
  const start = skipBytes(reader);
  return reader.bytes.toString("utf8", start, reader.at);
}

function wrongType(wireType: number, type: string): WireError {
  return new WireError(`wrong wireType ${wireType} for ${type}`);
}

function decodeValue(reader: WireReader, type: ValueType, wireType: number): unknown {
  if (wireType !== wireTypeOf(type)) throw wrongType(wireType, type.type);
  switch (type.type) {
    case "string":
      return decodeText(reader, wireType);
    case "bytes": {
      const start = skipBytes(reader);
      return reader.bytes.subarray(start, reader.at);
    }
    case "message":
      return decodeMessage(inside(reader), layoutOf(type.name));
    case "enum": {
      const number = readVarint(reader).low | 0;
      return type.names[number] ?? number;
    }
    case "bool":
      return readUnsigned(reader) !== 0;
    case "int32":
      return readVarint(reader).low | 0;
    case "uint32":
      return readVarint(reader).low;
    case "int64":
      return signed64(readVarint(reader));
    case "uint64":
      return unsigned64(readVarint(reader));
  }
}
