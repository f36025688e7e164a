import { goQuote } from "./go-quote.ts";
/** Why a field was refused: upstream's `field.ErrorType`, as it appears in `status.details.causes[].reason`. */
export type FieldErrorReason =
  | "FieldValueNotFound"
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "InternalError"
  | "FieldValueTypeInvalid";

/** One refused field of an object. Validation returns these; it never throws. */
export interface FieldError {
  /** As upstream writes it: `spec.ports[0].nodePort`, `metadata.labels`. */
  readonly path: string;
  readonly reason: FieldErrorReason;
  /** The whole text without the path: `Invalid value: 70000: must be between 1 and 65535, inclusive`. */
  readonly message: string;
}

/** The bad value as upstream puts it into its messages: Go's JSON, in which characters of HTML are escaped. */
function shown(value: unknown): string {
  if (typeof value === "string") return goQuote(value);
  if (value === undefined) return "null";
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A value that is malformed or out of range. */
export function invalid(path: string, value: unknown, detail: string): FieldError {
  return { path, reason: "FieldValueInvalid", message: `Invalid value: ${shown(value)}: ${detail}` };
}

/** One {@link invalid} per problem that a rule of `names.ts` found with the value. */
export function invalidFor(path: string, value: unknown, problems: readonly string[]): FieldError[] {
  return problems.map((problem) => invalid(path, value, problem));
}

/** A value that is missing. */
export function required(path: string, detail = ""): FieldError {
  return {
    path,
    reason: "FieldValueRequired",
    message: detail === "" ? "Required value" : `Required value: ${detail}`,
  };
}

/** A value that is fine in itself, but not here. */
export function forbidden(path: string, detail: string): FieldError {
  return { path, reason: "FieldValueForbidden", message: `Forbidden: ${detail}` };
}

/** A value that must be unique and is not. */
export function duplicate(path: string, value: unknown): FieldError {
  return { path, reason: "FieldValueDuplicate", message: `Duplicate value: ${shown(value)}` };
}

/** A reference to something that is not there. */
export function notFound(path: string, value: unknown): FieldError {
  return { path, reason: "FieldValueNotFound", message: `Not found: ${shown(value)}` };
}

/** A value outside a closed set, which the message lists. */
export function notSupported(path: string, value: unknown, supported: readonly string[]): FieldError {
  const values = supported.map((v) => goQuote(v)).join(", ");
  return {
    path,
    reason: "FieldValueNotSupported",
    message: `Unsupported value: ${shown(value)}: supported values: ${values}`,
  };
}

/** A text or map that is too large. The value itself is not shown. */
export function tooLong(path: string, maxBytes: number): FieldError {
  return { path, reason: "FieldValueTooLong", message: `Too long: may not be more than ${maxBytes} bytes` };
}

/** A list that is too long. */
export function tooMany(path: string, count: number, max: number): FieldError {
  return { path, reason: "FieldValueTooMany", message: `Too many: ${count}: must have at most ${max} items` };
}
