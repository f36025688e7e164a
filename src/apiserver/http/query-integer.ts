import type { Int64 } from "@fairlead/api/int64";
import { queryInteger } from "@fairlead/lib/query-value";
import { badRequest } from "../registry/refusals.ts";

/** An integer of a query; `undefined` when it is absent. @throws {StatusError} `BadRequest` when it is none. */
export function integerOf(value: string | null): Int64 | undefined {
  const read = queryInteger(value);
  if ("error" in read) throw badRequest(read.error);
  return read.value;
}
