import { criEnums, criMessages } from "./messages.ts";

/** Types of single values. */
const SCALARS = ["string", "bytes", "bool", "int32", "uint32", "int64", "uint64"] as const;

/** The type of a value: a scalar, or a message or an enumeration of CRI. */
export type ValueType =
  | { readonly type: (typeof SCALARS)[number] }
  | { readonly type: "enum"; readonly numbers: Readonly<Record<string, number>>; readonly names: readonly string[] }
  | { readonly type: "message"; readonly name: string };

/** A field of a message. */
export interface MessageField {
  readonly number: number;
  readonly name: string;
  /** `map`: from strings to values of the type. */
  readonly shape: "single" | "list" | "map";
  readonly value: ValueType;
}

/**
 * Returns the fields of a message, by their numbers.
 *
 * Reads `string name = 1; repeated Mount mounts = 2; map<string, string> labels = 3`.
 */
export function messageFields(message: string): readonly MessageField[] {
  const text = Object.hasOwn(criMessages, message) ? criMessages[message] : undefined;
  if (text === undefined) throw new Error(`CRI has no message ${message}`);
  return text
    .split(";")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map(parseField)
    .sort((a, b) => a.number - b.number);
}

function parseField(line: string): MessageField {
  const match = /^(repeated )?(?:map<string, (\w+)>|(\w+)) (\w+) = (\d+)$/.exec(line);
  if (match === null) throw new Error(`not a field: ${line}`);
  const [, repeated, mapValue, type = "", name = "", number] = match;
  return {
    number: Number(number),
    name,
    shape: mapValue !== undefined ? "map" : repeated !== undefined ? "list" : "single",
    value: valueType(mapValue ?? type),
  };
}

function valueType(name: string): ValueType {
  const scalar = SCALARS.find((type) => type === name);
  if (scalar !== undefined) return { type: scalar };
  const numbers = Object.hasOwn(criEnums, name) ? criEnums[name] : undefined;
  if (numbers === undefined) return { type: "message", name };
  // The numbers of CRI's enumerations have no gaps.
  const names = Object.entries(numbers).sort(([, a], [, b]) => a - b);
  return { type: "enum", numbers, names: names.map(([value]) => value) };
}
