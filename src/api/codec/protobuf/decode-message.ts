import { setOwn } from "../../own-property.ts";
import type { Either, Field, ScalarType, Schema, Struct } from "../../schema.ts";
import { isZero } from "../omit.ts";
import { parseJson } from "../parse-json.ts";
import type { WireField } from "./read-wire.ts";
import { contentOf, signed32, signed64, text, VARINT_BITS, varintOf, WireError, wireFields } from "./read-wire.ts";

/**
 * Turns the protobuf message of a struct into the JSON value that stands for the same object.
 *
 * Go writes every field that is no pointer, the zero ones too: those are left out, as in its JSON.
 *
 * @throws {WireError} when the bytes are not a message of this struct.
 */
export function decodeMessage(struct: Struct, message: Uint8Array): Record<string, unknown> {
  const { own, inline } = layoutOf(struct);
  const out: Record<string, unknown> = {};
  for (const wire of wireFields(message)) {
    const inner = inline.get(wire.number);
    if (inner !== undefined) {
      for (const field of wireFields(contentOf(wire))) read(inner.get(field.number), field, out);
    } else read(own.get(wire.number), wire, out);
  }
  return out;
}

/** A field and its name in JSON. */
interface NamedField {
  readonly name: string;
  readonly field: Field;
}

interface Layout {
  readonly own: ReadonlyMap<number, NamedField>;
  /** Structs whose fields stand in the outer one in JSON, by the number of their message. */
  readonly inline: ReadonlyMap<number, ReadonlyMap<number, NamedField>>;
}

const layouts = new WeakMap<Struct, Layout>();

function layoutOf(struct: Struct): Layout {
  const known = layouts.get(struct);
  if (known !== undefined) return known;
  const own = new Map<number, NamedField>();
  const inline = new Map<number, Map<number, NamedField>>();
  for (const [name, field] of Object.entries(struct.fields)) {
    if (field.via === undefined) own.set(field.number, { name, field });
    else {
      const inner = inline.get(field.via) ?? new Map<number, NamedField>();
      inline.set(field.via, inner.set(field.number, { name, field }));
    }
  }
  const layout = { own, inline };
  layouts.set(struct, layout);
  return layout;
}

/** Fields that the schema does not know are skipped: their names are unknown. */
function read(named: NamedField | undefined, wire: WireField, out: Record<string, unknown>): void {
  if (named === undefined) return;
  const { name, field } = named;
  const { schema, options } = field;
  if (schema.type === "list") {
    const items = (out[name] ?? []) as unknown[];
    for (const item of itemsOf(schema.items, wire)) items.push(item);
    out[name] = items;
  } else if (schema.type === "map") {
    const [key, value] = entryOf(schema.values, contentOf(wire));
    const map = (out[name] ?? {}) as Record<string, unknown>;
    setOwn(map, key, value);
    out[name] = map;
  } else {
    const value = decodedValue(schema, wire);
    const kept = options.keepEmpty === true || options.required === true || !isZero(schema, value);
    if (kept && value !== undefined) out[name] = value;
  }
}

const PACKABLE: ReadonlySet<string> = new Set<ScalarType>(["int32", "int64", "bool"]);

/** Repeated numbers may come packed into one field. */
function itemsOf(items: Schema, wire: WireField): readonly unknown[] {
  if (!PACKABLE.has(items.type) || wire.bytes === undefined) return [decodedValue(items, wire)];
  // A packed list is a row of varints: read as the content of keys without values it would not parse.
  const values: unknown[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of wire.bytes) {
    if (shift >= VARINT_BITS) throw new WireError("proto: integer overflow");
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    values.push(decodedValue(items, { number: wire.number, wireType: 0, varint: value }));
    value = 0n;
    shift = 0n;
  }
  return values;
}

function entryOf(values: Schema, message: Uint8Array): readonly [string, unknown] {
  let key = "";
  let value: unknown;
  for (const wire of wireFields(message)) {
    if (wire.number === 1) key = text(contentOf(wire));
    else if (wire.number === 2) value = decodedValue(values, wire);
  }
  return [key, value ?? (values.type === "string" || values.type === "bytes" ? "" : null)];
}

function decodedValue(schema: Schema, wire: WireField): unknown {
  switch (schema.type) {
    case "struct":
      return decodeMessage(schema, contentOf(wire));
    case "list":
      // A map of lists is a map of messages with one repeated field.
      return [...wireFields(contentOf(wire))].flatMap((item) => itemsOf(schema.items, item));
    case "map":
      return Object.fromEntries(
        [...wireFields(contentOf(wire))].map((entry) => entryOf(schema.values, contentOf(entry))),
      );
    case "string":
      return text(contentOf(wire));
    case "bytes":
      return Buffer.from(contentOf(wire)).toString("base64");
    case "bool":
      return varintOf(wire) !== 0n;
    case "int32":
      return signed32(varintOf(wire));
    case "int64":
      return signed64(varintOf(wire));
    case "double":
      return doubleOf(contentOf(wire));
    default:
      return schema.either === undefined
        ? wrapped(schema.type, contentOf(wire))
        : eitherOf(schema.either, contentOf(wire));
  }
}

/** Go writes `allows` of a schema too, which says nothing then. */
function eitherOf({ object, other }: Either, message: Uint8Array): unknown {
  const fields = [...wireFields(message)];
  const ofObject = fields.find(({ number }) => number === object.number);
  if (ofObject !== undefined) return decodedValue(object.schema, ofObject);
  const ofOther = fields.filter(({ number }) => number === other.number);
  const { schema } = other;
  if (schema.type === "list") return ofOther.flatMap((wire) => itemsOf(schema.items, wire));
  return ofOther[0] === undefined ? undefined : decodedValue(schema, ofOther[0]);
}

/** The types that are messages in protobuf and scalars in JSON. */
function wrapped(type: ScalarType, message: Uint8Array): unknown {
  const fields = new Map([...wireFields(message)].map((wire) => [wire.number, wire]));
  const number = (at: number) => fields.get(at)?.varint ?? 0n;
  const content = (at: number) => text(fields.get(at)?.bytes ?? new Uint8Array(0));
  switch (type) {
    case "time":
    case "microTime":
      return timeOf(fields.size === 0, Number(signed64(number(1))), signed32(number(2)), type);
    case "intOrString":
      return signed64(number(1)) === 0 ? signed32(number(2)) : content(3);
    case "quantity":
      return content(1);
    default:
      return content(1) === "" ? undefined : jsonOf(content(1));
  }
}

/** What RFC 3339 can write. */
const [YEAR_1_MS, YEAR_10000_MS] = [Date.parse("0001-01-01T00:00:00Z"), Date.UTC(10_000, 0)];

/** Go's zero time is written as a message without fields, and is no time at all. */
function timeOf(absent: boolean, seconds: number, nanos: number, type: "time" | "microTime"): string | undefined {
  if (absent) return undefined;
  const time = new Date(seconds * 1000);
  if (!(time.getTime() >= YEAR_1_MS && time.getTime() < YEAR_10000_MS)) throw new WireError("a time is out of range");
  const date = time.toISOString().slice(0, 19);
  return type === "time" ? `${date}Z` : `${date}.${String(Math.floor(nanos / 1000)).padStart(6, "0")}Z`;
}

function jsonOf(content: string): unknown {
  try {
    return parseJson(content).value;
  } catch (error) {
    throw new WireError("a raw field does not hold JSON", { cause: error });
  }
}

function doubleOf(bytes: Uint8Array): number {
  if (bytes.byteLength !== 8) throw new WireError("a double has eight bytes");
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
}
