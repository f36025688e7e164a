import { isJsonObject } from "../patch/json-object.ts";
import type { Field, Schema, Struct } from "../schema.ts";
import { isLeftOut } from "./omit.ts";

/** One field of a struct, ready to be written. */
interface FieldWriter {
  readonly name: string;
  /** `"name":` */
  readonly key: string;
  readonly field: Field;
}

const writersOf = new WeakMap<Struct, readonly FieldWriter[]>();

/** The JSON text of one value of a schema. */
export function encodeValue(schema: Schema, value: unknown): string {
  switch (schema.type) {
    case "struct":
      return encodeStruct(schema, value as Readonly<Record<string, unknown>>);
    case "list":
      return `[${(value as readonly unknown[]).map((item) => encodeValue(schema.items, item)).join(",")}]`;
    case "map":
      return encodeMap(schema.values, value as Readonly<Record<string, unknown>>);
    default:
      if (schema.either === undefined) return JSON.stringify(value);
      return isJsonObject(value)
        ? encodeStruct(schema.either.object.schema, value)
        : encodeValue(schema.either.other.schema, value);
  }
}

/**
 * Returns the JSON text of a struct's fields in the schema's order, a comma before each.
 *
 * @param except - Names of fields that are left out.
 */
export function encodeFields(
  struct: Struct,
  value: Readonly<Record<string, unknown>>,
  except: ReadonlySet<string>,
): string {
  let text = "";
  for (const { name, key, field } of writers(struct)) {
    const inner = value[name];
    if (except.has(name) || isLeftOut(field, inner)) continue;
    text += `,${key}${encodeValue(field.schema, inner)}`;
  }
  return text;
}

function encodeStruct(struct: Struct, value: Readonly<Record<string, unknown>>): string {
  let text = "";
  for (const { name, key, field } of writers(struct)) {
    const inner = value[name];
    if (isLeftOut(field, inner)) continue;
    text += text === "" ? key : `,${key}`;
    text += encodeValue(field.schema, inner);
  }
  return `{${text}}`;
}

function encodeMap(values: Schema, value: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${encodeValue(values, value[key])}`).join(",")}}`;
}

function writers(struct: Struct): readonly FieldWriter[] {
  let found = writersOf.get(struct);
  if (found === undefined) {
    found = Object.entries(struct.fields).map(([name, field]) => ({ name, key: `${JSON.stringify(name)}:`, field }));
    writersOf.set(struct, found);
  }
  return found;
}
