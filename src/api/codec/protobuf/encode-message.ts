import type { Int64 } from "../../int64.ts";
import { isJsonObject } from "../../patch/json-object.ts";
import type { Either, Field, Scalar, ScalarType, Schema, Struct } from "../../schema.ts";
import { jsonText } from "../json-text.ts";
import { WireWriter } from "./write-wire.ts";

type Values = Readonly<Record<string, unknown>>;

/**
 * Returns the protobuf message of a struct's value: fields by ascending number, keys of maps sorted.
 *
 * Absent fields are left out. Go writes zero values for those that are no pointers, which readers take for the same object.
 *
 * @param value - In stored form, as `decodeObject` returns it. `kind` and `apiVersion` of an object belong to its envelope.
 */
export function encodeMessage(struct: Struct, value: object): Uint8Array {
  const out = new WireWriter();
  writeFields(out, struct, value as Values);
  return out.finish();
}

/** Returns values of a struct as a repeated field of a message: what a list has between its other fields. */
export function encodeItems(number: number, struct: Struct, values: readonly object[]): Uint8Array {
  const out = new WireWriter(values.length);
  writeItems(out, number, struct, values);
  return out.finish();
}

/** Writes the fields of a struct's value. */
export function writeFields(out: WireWriter, struct: Struct, values: Values): void {
  for (const slot of slotsOf(struct)) {
    if (slot.isInline) writeInline(out, slot, values);
    else writeMembers(out, slot.members, values);
  }
}

function writeInline(out: WireWriter, { number, members }: Slot, values: Values): void {
  const since = out.byteLength;
  writeMembers(out, members, values);
  if (out.byteLength > since) out.delimit(number, since);
}

function writeMembers(out: WireWriter, members: readonly Member[], values: Values): void {
  for (const { name, field } of members) {
    const value = values[name];
    // Most fields of most objects are absent.
    if (value !== undefined && value !== null) writeField(out, field, value);
  }
}

/** Length of `2026-01-05T09:30:00Z`. */
const WHOLE_SECONDS_LENGTH = 20;

/** A field and its name in JSON. */
interface Member {
  readonly name: string;
  readonly field: Field;
}

/** One field of the message; or a message whose fields stand in the outer object in JSON. */
interface Slot {
  readonly number: number;
  readonly isInline: boolean;
  readonly members: readonly Member[];
}

const slots = new WeakMap<Struct, readonly Slot[]>();

/** Returns the parts of a message in descending order, in which they are written. */
function slotsOf(struct: Struct): readonly Slot[] {
  const known = slots.get(struct);
  if (known !== undefined) return known;
  const byNumber = new Map<
    number,
    { readonly number: number; readonly isInline: boolean; readonly members: Member[] }
  >();
  for (const [name, field] of Object.entries(struct.fields)) {
    const number = field.via ?? field.number;
    // `kind` and `apiVersion` of an object have no number.
    if (number <= 0) continue;
    const slot = byNumber.get(number) ?? { number, isInline: field.via !== undefined, members: [] };
    slot.members.push({ name, field });
    byNumber.set(number, slot);
  }
  const found = [...byNumber.values()].toSorted((a, b) => b.number - a.number);
  for (const { members } of found) members.sort((a, b) => b.field.number - a.field.number);
  slots.set(struct, found);
  return found;
}

function writeField(out: WireWriter, { number, schema }: Field, value: unknown): void {
  if (schema.type === "list") writeItems(out, number, schema.items, value as readonly unknown[]);
  else if (schema.type === "map") writeEntries(out, number, schema.values, value as Values);
  else writeValue(out, number, schema, value);
}

function writeItems(out: WireWriter, number: number, items: Schema, values: readonly unknown[]): void {
  for (let index = values.length - 1; index >= 0; index--) writeValue(out, number, items, values[index]);
}

function writeEntries(out: WireWriter, number: number, schema: Schema, values: Values): void {
  for (const key of Object.keys(values).sort().reverse()) {
    const since = out.byteLength;
    writeValue(out, 2, schema, values[key]);
    out.text(1, key);
    out.delimit(number, since);
  }
}

function writeValue(out: WireWriter, number: number, schema: Schema, value: unknown): void {
  const since = out.byteLength;
  switch (schema.type) {
    case "struct":
      writeFields(out, schema, value as Values);
      break;
    case "list":
      // A list inside a map is a message with one repeated field.
      writeItems(out, 1, schema.items, value as readonly unknown[]);
      break;
    case "map":
      writeEntries(out, 1, schema.values, value as Values);
      break;
    default:
      writeScalar(out, number, schema, value);
      return;
  }
  out.delimit(number, since);
}

/** The value was decoded by its schema: it has the type that the schema says. */
function writeScalar(out: WireWriter, number: number, { type, either }: Scalar, value: unknown): void {
  switch (type) {
    case "string":
      out.text(number, value as string);
      return;
    case "bytes":
      out.bytes(number, Buffer.from(value as string, "base64"));
      return;
    case "bool":
      out.integer(number, value === true ? 1 : 0);
      return;
    case "int32":
    case "int64":
      out.integer(number, value as Int64);
      return;
    case "double":
      out.double(number, value as number);
      return;
    default: {
      const since = out.byteLength;
      if (either === undefined) writeWrapped(out, type, value);
      else writeEither(out, either, value);
      out.delimit(number, since);
    }
  }
}

/** Writes the content of a type that is a message in protobuf and a scalar in JSON. */
function writeWrapped(
  out: WireWriter,
  type: Exclude<ScalarType, "string" | "bytes" | "bool" | "int32" | "int64" | "double">,
  value: unknown,
): void {
  switch (type) {
    case "quantity":
      out.text(1, value as string);
      return;
    case "json":
      out.text(1, jsonText(value));
      return;
    case "intOrString":
      out.text(3, typeof value === "string" ? value : "");
      out.integer(2, typeof value === "string" ? 0 : (value as number));
      out.integer(1, typeof value === "string" ? 1 : 0);
      return;
    case "time":
    case "microTime":
      writeTime(out, value as string);
  }
}

/** Writes seconds and nanoseconds. Go writes its zero time as a message without fields. */
function writeTime(out: WireWriter, text: string): void {
  if (text === "") return;
  const decimals = text.length === WHOLE_SECONDS_LENGTH ? "" : (/\.(\d+)/.exec(text)?.[1] ?? "");
  out.integer(2, decimals === "" ? 0 : Number(decimals.padEnd(9, "0")));
  out.integer(1, Math.floor(Date.parse(text) / 1000));
}

function writeEither(out: WireWriter, { object, other }: Either, value: unknown): void {
  const { schema } = other;
  if (isJsonObject(value)) {
    writeValue(out, object.number, object.schema, value);
    // Where a boolean may stand instead, Go writes that the value is allowed.
    if (schema.type === "bool") out.integer(other.number, 1);
  } else if (schema.type === "list") writeItems(out, other.number, schema.items, value as readonly unknown[]);
  else writeScalar(out, other.number, schema, value);
}
