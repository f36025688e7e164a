import type { FieldError } from "../../../field-error.ts";
import { invalid } from "../../../field-error.ts";
import type { Lease } from "./lease-schema.ts";

/** Returns the errors of a Lease. */
export function validateLease({ spec: { leaseDurationSeconds, leaseTransitions } }: Lease): FieldError[] {
  return [
    ...(leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0
      ? [invalid("spec.leaseDurationSeconds", leaseDurationSeconds, "must be greater than 0")]
      : []),
    ...(leaseTransitions !== undefined && leaseTransitions < 0
      ? [invalid("spec.leaseTransitions", leaseTransitions, "must be greater than or equal to 0")]
      : []),
  ];
}
