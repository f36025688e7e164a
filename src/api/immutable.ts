import { deepEqual } from "./deep-equal.ts";
import type { FieldError } from "./field-error.ts";
import { invalid } from "./field-error.ts";

/** Refuses a changed value, showing the new one: `field is immutable`. */
export function validateImmutable(value: unknown, previous: unknown, path: string): FieldError[] {
  return deepEqual(value, previous) ? [] : [invalid(path, value, "field is immutable")];
}
