import type { Field, Schema } from "../schema.ts";

/**
 * Whether a field with this value is left out, as if it had never been written.
 *
 * Upstream leaves out the zero value of every optional field that is no pointer there; those that are
 * carry `keepEmpty`. A struct that is there is kept even when it is empty: `emptyDir: {}` says something.
 */
export function isOmitted(field: Field, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  const { required, present, filled, keepEmpty } = field.options;
  if (required === true || present === true || filled === true || keepEmpty === true) return false;
  if ("default" in field.options) return false;
  return isZero(field.schema, value);
}

/** {@link isOmitted} for the JSON that is stored and answered: `omitempty` leaves out every empty list, a pointer or not. */
export function isLeftOut(field: Field, value: unknown): boolean {
  if (isOmitted(field, value)) return true;
  const { required, present, filled } = field.options;
  const isAlwaysThere = required === true || present === true || filled === true;
  return Array.isArray(value) && value.length === 0 && !isAlwaysThere;
}

/** Whether a value is what Go's `omitempty` leaves out. A struct never is. */
export function isZero(schema: Schema, value: unknown): boolean {
  switch (schema.type) {
    case "struct":
    case "json":
      return false;
    case "list":
      return Array.isArray(value) && value.length === 0;
    case "map":
      return typeof value === "object" && value !== null && isEmptyObject(value);
    case "quantity":
      return false;
    default:
      return value === "" || value === 0 || value === false;
  }
}

function isEmptyObject(value: object): boolean {
  for (const _ in value) return false;
  return true;
}
