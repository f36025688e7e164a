import { decodeValue } from "@fairlead/api/codec/decode";
import type { FieldError } from "@fairlead/api/field-error";
import { forbidden, invalid, notSupported } from "@fairlead/api/field-error";
import type { DeleteOptions } from "@fairlead/api/meta/v1/delete-options";
import { deleteOptionsSchema } from "@fairlead/api/meta/v1/delete-options";
import { invalidObject } from "@fairlead/api/status-error";
import { queryBoolean } from "@fairlead/lib/query-value";
import { bodyOf, decodeBody } from "../http/body.ts";
import { integerOf } from "../http/query-integer.ts";
import { badRequest } from "../registry/refusals.ts";
import type { VerbRequest } from "./verb-request.ts";

/** How to delete: from the body, or from the query when there is none. */
export function deleteOptions({ request, query }: VerbRequest): DeleteOptions {
  const hasBody = request.decoded !== undefined || bodyOf(request).byteLength > 0;
  const options = hasBody ? fromBody(request) : fromQuery(query);
  const errors = problems(options);
  if (errors.length > 0) throw invalidObject("meta.k8s.io", "DeleteOptions", "", errors);
  return options;
}

/** Whether the deletion is only tried. */
export function isDryRun(options: DeleteOptions): boolean {
  return (options.dryRun ?? []).length > 0;
}

function fromBody(request: VerbRequest["request"]): DeleteOptions {
  const { value } = decodeBody(request, { kind: "DeleteOptions", schema: deleteOptionsSchema });
  const decoded = decodeValue(deleteOptionsSchema, value);
  if ("error" in decoded) throw badRequest(decoded.error);
  // The schema is the type's own: what fits it is a DeleteOptions.
  return decoded.value as DeleteOptions;
}

function fromQuery(query: URLSearchParams): DeleteOptions {
  const seconds = integerOf(query.get("gracePeriodSeconds"));
  const orphan = query.get("orphanDependents");
  const policy = query.get("propagationPolicy");
  const dryRun = query.getAll("dryRun").filter((value) => value !== "");
  return {
    ...(seconds !== undefined && { gracePeriodSeconds: seconds }),
    ...(orphan !== null && { orphanDependents: queryBoolean(orphan) }),
    ...(policy !== null && policy !== "" && { propagationPolicy: policy }),
    ...(dryRun.length > 0 && { dryRun }),
  };
}

const POLICIES = ["Foreground", "Background", "Orphan"];

function problems({ orphanDependents, propagationPolicy, dryRun = [] }: DeleteOptions): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (orphanDependents !== undefined && propagationPolicy !== undefined) {
    const why = "orphanDependents and deletionPropagation cannot be both set";
    errors.push(invalid("propagationPolicy", propagationPolicy, why));
  }
  if (propagationPolicy !== undefined && !POLICIES.includes(propagationPolicy)) {
    errors.push(notSupported("propagationPolicy", propagationPolicy, [...POLICIES, "nil"]));
  }
  if (dryRun.length > 1) errors.push(forbidden("dryRun", "may be given once"));
  for (const value of dryRun) {
    if (value !== "All") errors.push(notSupported("dryRun", value, ["All"]));
  }
  return errors;
}
