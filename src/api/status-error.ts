import type { FieldError } from "./field-error.ts";
import { goQuote } from "./go-quote.ts";

/** The machine-readable half of a failed API call: upstream's `metav1.StatusReason`. */
export type StatusReason =
  | "AlreadyExists"
  | "BadRequest"
  | "Conflict"
  | "Expired"
  | "Forbidden"
  | "Gone"
  | "InternalError"
  | "Invalid"
  | "MethodNotAllowed"
  | "NotAcceptable"
  | "NotFound"
  | "RequestEntityTooLarge"
  | "ServerTimeout"
  | "ServiceUnavailable"
  | "Timeout"
  | "TooManyRequests"
  | "Unauthorized"
  /** Upstream's errors without a reason: none is sent. */
  | "Unknown"
  | "UnsupportedMediaType";

const httpStatus: Record<StatusReason, number> = {
  AlreadyExists: 409,
  BadRequest: 400,
  Conflict: 409,
  Expired: 410,
  Forbidden: 403,
  Gone: 410,
  InternalError: 500,
  Invalid: 422,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  NotFound: 404,
  RequestEntityTooLarge: 413,
  ServerTimeout: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
  TooManyRequests: 429,
  Unauthorized: 401,
  Unknown: 500,
  UnsupportedMediaType: 415,
};

/** `metav1.StatusDetails`: which object, and which of its fields. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  /** Upstream puts the resource's plural here, or the kind for `Invalid`. */
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  readonly retryAfterSeconds?: number;
}

/** `metav1.Status` as it goes over the wire. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: Record<string, never>;
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

/** A request that the API server understood and refused. Anything else that is thrown is a bug in Fairlead. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly reason: StatusReason;
  readonly details: StatusDetails | undefined;
  readonly code: number;

  constructor(
    reason: StatusReason,
    message: string,
    options: ErrorOptions & { readonly details?: StatusDetails | undefined; readonly code?: number } = {},
  ) {
    super(message, options);
    this.reason = reason;
    this.details = options.details;
    this.code = options.code ?? httpStatus[reason];
  }

  toStatus(): Status {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      ...(this.reason !== "Unknown" && { reason: this.reason }),
      ...(this.details !== undefined && { details: this.details }),
      code: this.code,
    };
  }
}

/** 422 with one cause per refused field, worded as upstream words it. */
export function invalidObject(group: string, kind: string, name: string, errors: readonly FieldError[]): StatusError {
  const texts = errors.map((e) => `${e.path}: ${e.message}`);
  const qualified = group === "" ? kind : `${kind}.${group}`;
  const joined = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  return new StatusError("Invalid", `${qualified} ${goQuote(name)} is invalid: ${joined}`, {
    details: {
      name,
      ...(group !== "" && { group }),
      kind,
      causes: errors.map((e) => ({ reason: e.reason, message: e.message, field: e.path })),
    },
  });
}

const is =
  (...reasons: StatusReason[]) =>
  (error: unknown): error is StatusError =>
    error instanceof StatusError && reasons.includes(error.reason);

/** There is no such object. */
export const isNotFound = is("NotFound");
/** There is an object of this name already. */
export const isAlreadyExists = is("AlreadyExists");
/** The object has changed since it was read: read it again. */
export const isConflict = is("Conflict");
/** The resource version is too old: list again. */
export const isExpired = is("Expired", "Gone");
/** The identity may not do this. */
export const isForbidden = is("Forbidden");
/** The work was not done in the time allowed, or the store has not reached the resource version. */
export const isTimeout = is("Timeout");
/** The object was refused by validation. */
export const isInvalid = is("Invalid");

/** A create was refused because its namespace is on its way out, or gone: there is nothing to do, and to try again. */
export function isNamespaceTerminating(error: unknown): error is StatusError {
  if (isForbidden(error))
    return error.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating") ?? false;
  return isNotFound(error) && error.details?.kind === "namespaces";
}
