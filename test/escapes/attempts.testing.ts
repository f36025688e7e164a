import type { Escape, RequestAttempt } from "./escape.testing.ts";

/** One attempt by a request, and its answer. */
export function row(
  name: string,
  rule: string,
  as: Escape["as"],
  attempt: RequestAttempt,
  code: number,
  says: string | RegExp,
): Escape {
  return { name, rule, as, attempt, want: { code, says } };
}

/** An attempt that is answered with 403, by default of the kubelet of node-1. */
export function forbidden(
  name: string,
  rule: string,
  attempt: RequestAttempt,
  says: string,
  as: Escape["as"] = "node-1",
): Escape {
  return row(name, rule, as, attempt, 403, says);
}

/** A new object. */
export function post(path: string, body: NonNullable<RequestAttempt["body"]>): RequestAttempt {
  return { method: "POST", path, body };
}

/** Changes to an object, as a JSON merge patch. */
export function merge(path: string, body: object): RequestAttempt {
  return { method: "PATCH", path, type: "application/merge-patch+json", body };
}
