import { int64 } from "../int64.ts";

/**
 * A JSON number as it was written, where neither a double nor an int64 keeps the notation: `1.0`, `1e3`, `2^64` in digits.
 *
 * A scalar, although JavaScript calls it an object: a test for objects has to exclude it with {@link isJsonNumber}.
 */
export class JsonNumber {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The number as it was written. */
  toString(): string {
    return this.#text;
  }

  /** For `JSON.stringify`. */
  toJSON(): unknown {
    return JSON.rawJSON(this.#text);
  }
}

/** Whether a value is a {@link JsonNumber}. */
export function isJsonNumber(value: unknown): value is JsonNumber {
  return value instanceof JsonNumber;
}

/** Whether a parsed JSON value is a number, in any of its forms. */
export function isNumeric(value: unknown): boolean {
  return typeof value === "number" || typeof value === "bigint" || isJsonNumber(value);
}

/** Returns an integer as JSON has it: an `Int64`, or a {@link JsonNumber} where it is outside int64. */
export function exactInteger(value: bigint): number | bigint | JsonNumber {
  return int64(value) ?? new JsonNumber(String(value));
}

/** No int64 has more characters. Longer ones are not worth converting. */
const INT64_LENGTH_MAX = 20;

/**
 * Returns the value of a number in JSON's notation: a number or bigint that is written back in the same digits, or else
 * a {@link JsonNumber}.
 */
export function exactNumber(text: string): number | bigint | JsonNumber {
  if (/^-?\d+$/.test(text)) {
    return text.length > INT64_LENGTH_MAX ? new JsonNumber(text) : exactInteger(BigInt(text));
  }
  const double = Number(text);
  return String(double) === text ? double : new JsonNumber(text);
}

/**
 * Returns the value of a number as Go's decoder gives it where no type is asked for: an int64, or else a double.
 * Integers beyond int64 stay as they were written, for messages to show them.
 */
export function untypedNumber(text: string): number | bigint | JsonNumber {
  return /^-?\d+$/.test(text) ? exactNumber(text) : Number(text);
}
