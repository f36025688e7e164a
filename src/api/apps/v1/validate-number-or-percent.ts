import type { FieldError } from "../../field-error.ts";
import { invalid, invalidFor } from "../../field-error.ts";
import { percentProblems } from "../../names.ts";

/** A number of pods, or a share of all of them: `25%`. */
export type NumberOrPercent = number | string;

/** What is wrong with a number of pods or a percentage. */
export function validateNumberOrPercent(value: NumberOrPercent, path: string): FieldError[] {
  if (typeof value === "string") return invalidFor(path, value, percentProblems(value));
  return value < 0 ? [invalid(path, value, "must be greater than or equal to 0")] : [];
}

/** Refuses a percentage above 100. */
export function validateAtMostAll(value: NumberOrPercent, path: string): FieldError[] {
  return isPercent(value) && amountOf(value) > 100 ? [invalid(path, value, "must not be greater than 100%")] : [];
}

/** The number before the sign of a percentage, and what else is a whole number; 0 for any other text. */
export function amountOf(value: NumberOrPercent): number {
  if (typeof value === "number") return value;
  const digits = isPercent(value) ? value.slice(0, -1) : value;
  return /^[+-]?\d+$/.test(digits) ? Number(digits) : 0;
}

function isPercent(value: NumberOrPercent): value is string {
  return typeof value === "string" && percentProblems(value).length === 0;
}
