import type { Service } from "@fairlead/api/core/v1/service/service";
import type { FieldError } from "@fairlead/api/field-error";
import { invalidObject, StatusError } from "@fairlead/api/status-error";
import type { PortRange } from "./claimer.ts";

/** Upstream's words for a port outside the range. */
export function portRangeText({ first, last }: PortRange): string {
  return `provided port is not in the valid range. The range of valid ports is ${first}-${last}`;
}

/** A 422 about a Service. */
export function invalidService(service: Service, errors: readonly FieldError[]): StatusError {
  return invalidObject("", "Service", service.metadata.name, errors);
}

/** A 500 in upstream's words. */
export function internal(message: string): StatusError {
  return new StatusError("InternalError", `Internal error occurred: ${message}`, {
    details: { causes: [{ message }] },
  });
}
