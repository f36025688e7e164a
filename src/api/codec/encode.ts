import type { Kind } from "../kind.ts";
import type { KubeObject } from "../resource-reference.ts";
import { apiVersionOf } from "../resource-reference.ts";
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

/**
 * The canonical JSON text of an object: the same object always gives the same text.
 *
 * Starts with `{"kind":…,"apiVersion":…,"metadata":{`; the other fields follow in the schema's order, keys of maps
 * sorted. Absent and, where upstream does so, empty fields are left out. Fields that the schema does not know are too.
 */
export function encodeObject<T extends KubeObject>(kind: Kind<T>, object: T): string {
  return encoded(kind, object, false);
}

/** {@link encodeObject} for the store: without `metadata.resourceVersion`, which is the revision of the write. */
export function encodeStored<T extends KubeObject>(kind: Kind<T>, object: T): string {
  return encoded(kind, object, true);
}

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
      return JSON.stringify(value);
  }
}

function encoded(kind: Kind, object: KubeObject, forStore: boolean): string {
  const metadata: object = forStore ? { ...object.metadata, resourceVersion: undefined } : object.metadata;
  const head = `"kind":${JSON.stringify(kind.kind)},"apiVersion":${JSON.stringify(apiVersionOf(kind))}`;
  const metaSchema = kind.schema.fields.metadata?.schema;
  const meta = metaSchema === undefined ? JSON.stringify(metadata) : encodeValue(metaSchema, metadata);
  const values: Readonly<Record<string, unknown>> = { ...object };
  const rest = writers(kind.schema)
    .filter(({ name, field }) => !HEAD.has(name) && !isLeftOut(field, values[name]))
    .map(({ name, key, field }) => `,${key}${encodeValue(field.schema, values[name])}`);
  return `{${head},"metadata":${meta}${rest.join("")}}`;
}

const HEAD: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

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
