import { goQuote } from "@fairlead/api/go-quote";
import type { Kind } from "@fairlead/api/kind";
import { groupResourceOf } from "@fairlead/api/resource-reference";
import type { StatusReason } from "@fairlead/api/status-error";
import { StatusError } from "@fairlead/api/status-error";

type Named = Pick<Kind, "group" | "plural">;

function aboutObject(reason: StatusReason, kind: Named, name: string, message: string): StatusError {
  return new StatusError(reason, message, {
    details: { name, ...(kind.group !== "" && { group: kind.group }), kind: kind.plural },
  });
}

/** `pods "x" not found` */
export function notFound(kind: Named, name: string): StatusError {
  return aboutObject("NotFound", kind, name, `${groupResourceOf(kind)} ${goQuote(name)} not found`);
}

/** `pods "x" already exists` */
export function alreadyExists(kind: Named, name: string): StatusError {
  return aboutObject("AlreadyExists", kind, name, `${groupResourceOf(kind)} ${goQuote(name)} already exists`);
}

/** `Operation cannot be fulfilled on pods "x": ...` */
export function conflict(kind: Named, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${groupResourceOf(kind)} ${goQuote(name)}: ${why}`;
  return aboutObject("Conflict", kind, name, message);
}

/** `pods "x" is forbidden: ...` */
export function forbiddenObject(kind: Named, name: string, why: string): StatusError {
  return aboutObject("Forbidden", kind, name, `${groupResourceOf(kind)} ${goQuote(name)} is forbidden: ${why}`);
}

/** The refusal of a write that was based on an older version of the object. */
export function staleVersion(kind: Named, name: string): StatusError {
  const why = "the object has been modified; please apply your changes to the latest version and try again";
  return conflict(kind, name, why);
}

/** The request cannot be understood. */
export function badRequest(message: string): StatusError {
  return new StatusError("BadRequest", message);
}

/** The path exists, but not with this method. */
export function methodNotAllowed(): StatusError {
  const message = "the server does not allow this method on the requested resource";
  return new StatusError("MethodNotAllowed", message, { details: {} });
}

/** The group and version exist, but not this path in them. */
export function pathNotFound(): StatusError {
  return new StatusError("NotFound", "the server could not find the requested resource", { details: {} });
}

/** The refusal of a server that stops. As upstream: another server may answer within a second. */
export function shuttingDown(): StatusError {
  return new StatusError("ServiceUnavailable", "apiserver is shutting down", { details: { retryAfterSeconds: 1 } });
}

/** The refusal of what would have to wait behind too many others, in upstream's words. */
export function tooManyRequests(): StatusError {
  const message = "Too many requests, please try again later.";
  return new StatusError("TooManyRequests", message, { details: { retryAfterSeconds: 1 } });
}
