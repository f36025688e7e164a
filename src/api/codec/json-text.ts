import { isJsonNumber } from "./json-number.ts";
import { type Notation, nestedText } from "./nested-text.ts";

const JSON_NOTATION: Notation = {
  list: ["[", "]"],
  object: ["{", "}"],
  separator: ",",
  sorts: false,
  key: (name) => `${JSON.stringify(name)}:`,
  scalar: (value) => JSON.stringify(value) ?? "null",
};

/** Writes a JSON value as `JSON.stringify` does, however deep it is nested. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch (error) {
    // V8 has a stack that clients can exhaust.
    if (error instanceof RangeError) return nestedText(value, JSON_NOTATION);
    throw error;
  }
}

/** Writes a JSON value with the keys of its objects in order: equal values have equal texts. */
export function canonicalText(value: unknown): string {
  return nestedText(value, { ...JSON_NOTATION, sorts: true });
}

/**
 * Returns how deep lists and objects are nested in a JSON value: 0 for a scalar, 1 for `[]`.
 *
 * @param limit - Levels behind it are not looked at. Default: none.
 */
export function jsonDepth(value: unknown, limit = Number.POSITIVE_INFINITY): number {
  let level: readonly unknown[] = [value];
  for (let depth = 0; ; depth++) {
    const containers = level.filter((item) => typeof item === "object" && item !== null && !isJsonNumber(item));
    if (containers.length === 0 || depth > limit) return depth;
    level = containers.flatMap((container) => Object.values(container as object));
  }
}
