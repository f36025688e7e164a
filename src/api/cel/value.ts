import type { CelType } from "./type.ts";

/**
 * A value at run time. An int is a `bigint`, a double a `number`; lists are arrays; objects of a schema and maps are
 * {@link CelMap}s.
 */
export type CelValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint
  | Uint8Array
  | Timestamp
  | Duration
  | readonly CelValue[]
  | CelMap
  | Optional
  | TypeValue
  | Opaque;

/** An unsigned integer of 64 bits. */
export class Uint {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

/** A point in time, in nanoseconds since the epoch. */
export class Timestamp {
  readonly nanos: bigint;
  /** East of UTC, as it was written: its text has it, and nothing else. */
  readonly offsetMinutes: number;

  constructor(nanos: bigint, offsetMinutes = 0) {
    this.nanos = nanos;
    this.offsetMinutes = offsetMinutes;
  }
}

/** A span of time, in nanoseconds. */
export class Duration {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** A value that may be absent. */
export class Optional {
  /** `undefined` where it is absent. */
  readonly value: CelValue | undefined;

  constructor(value: CelValue | undefined) {
    this.value = value;
  }
}

/** A type as a value: what `type(x)` gives. */
export class TypeValue {
  readonly typeName: string;

  constructor(typeName: string) {
    this.typeName = typeName;
  }
}

/** A value of a type of Kubernetes, which only functions look into. */
export class Opaque {
  readonly typeName: string;
  readonly content: unknown;
  /** Equal values of a type have equal texts. */
  readonly text: string;
  /** How much there is to go through, as costs count it. */
  readonly size: number;

  constructor(typeName: string, content: unknown, text: string, size = 1) {
    this.typeName = typeName;
    this.content = content;
    this.text = text;
    this.size = size;
  }
}

/** A list whose items are known by something, whatever their order. It is equal to a list with equal items in any order. */
export class KeyedList extends Array<CelValue> {
  /** Copies are plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  readonly keyOf: (item: CelValue) => string;

  private constructor(keyOf: (item: CelValue) => string) {
    super();
    this.keyOf = keyOf;
  }

  static keyed(items: readonly CelValue[], keyOf: (item: CelValue) => string): KeyedList {
    const list = new KeyedList(keyOf);
    for (const item of items) list.push(item);
    return list;
  }

  /** Joins lists: an item of the other one takes the place of the item with its key. */
  merged(other: readonly CelValue[]): KeyedList {
    const byKey = new Map([...this, ...other].map((item) => [this.keyOf(item), item] as const));
    return KeyedList.keyed([...byKey.values()], this.keyOf);
  }
}

/** A map, or an object of a schema. */
export interface CelMap {
  readonly isMap: true;
  /** Whether it is an object whose fields are declared. */
  readonly isObject: boolean;
  readonly size: number;
  /** `undefined`: there is no such entry. */
  get(key: CelValue): CelValue | undefined;
  keys(): readonly CelValue[];
  /** What expressions do not see of an object, as JSON. */
  readonly hidden?: ReadonlyMap<string, unknown>;
}

/** Returns whether a value is a map or an object. */
export function isCelMap(value: CelValue): value is CelMap {
  return typeof value === "object" && value !== null && "isMap" in value;
}

/** Returns whether a value is a list. */
export function isCelList(value: CelValue): value is readonly CelValue[] {
  return Array.isArray(value);
}

/** Makes a map of entries. Later entries replace earlier ones with an equal key. */
export function mapOf(entries: Iterable<readonly [CelValue, CelValue]>): CelMap {
  const map = new EntryMap();
  for (const [key, value] of entries) map.set(key, value);
  return map;
}

/** A map of entries. */
export class EntryMap implements CelMap {
  readonly isMap = true;
  readonly isObject = false;
  readonly #byKey = new Map<string, readonly [CelValue, CelValue]>();

  get size(): number {
    return this.#byKey.size;
  }

  get(key: CelValue): CelValue | undefined {
    return this.#byKey.get(keyText(key))?.[1];
  }

  /** Only for one who made the map: expressions have no values that change. */
  set(key: CelValue, value: CelValue): void {
    this.#byKey.set(keyText(key), [key, value]);
  }

  keys(): readonly CelValue[] {
    return [...this.#byKey.values()].map(([key]) => key);
  }
}

/** Returns a text that is the same for equal keys: numbers of all types are equal where their values are. */
function keyText(key: CelValue): string {
  if (typeof key === "string") return `"${key}`;
  if (key instanceof Uint) return String(key.value);
  return String(key);
}

/** Returns the kind of a value's type. */
export function kindOf(value: CelValue): CelType["kind"] {
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "double";
    case "string":
      return "string";
    default:
      return kindOfObject(value);
  }
}

function kindOfObject(value: Exclude<CelValue, boolean | bigint | number | string>): CelType["kind"] {
  if (value === null) return "null";
  if (isCelList(value)) return "list";
  if (value instanceof Uint) return "uint";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof Timestamp) return "timestamp";
  if (value instanceof Duration) return "duration";
  if (value instanceof Optional) return "optional";
  if (value instanceof TypeValue) return "type";
  if (value instanceof Opaque) return "opaque";
  return value.isObject ? "object" : "map";
}

/** Returns the name of a value's type, as messages and `type(x)` have it. */
export function typeNameOf(value: CelValue): string {
  if (value instanceof Opaque) return value.typeName;
  const kind = kindOf(value);
  return TYPE_NAMES[kind] ?? kind;
}

/** Types whose names are not those of their kinds. */
export const TYPE_NAMES: Readonly<Record<string, string>> = {
  null: "null_type",
  timestamp: "google.protobuf.Timestamp",
  duration: "google.protobuf.Duration",
  optional: "optional_type",
};
