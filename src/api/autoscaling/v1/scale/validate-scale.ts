import type { FieldError } from "../../../field-error.ts";
import { invalid } from "../../../field-error.ts";
import type { Scale } from "./scale-schema.ts";

/** Returns the errors of a Scale. */
export function validateScale({ spec: { replicas = 0 } }: Scale): FieldError[] {
  return replicas < 0 ? [invalid("spec.replicas", replicas, "must be greater than or equal to 0")] : [];
}
