import type { StatusDetails, StatusReason } from "@fairlead/api/status-error";
import { StatusError } from "@fairlead/api/status-error";

const reasonOfCode: Readonly<Record<number, StatusReason>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Gone",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  503: "ServiceUnavailable",
  504: "Timeout",
};

const reasons: ReadonlySet<string> = new Set<StatusReason>([
  ...Object.values(reasonOfCode),
  "AlreadyExists",
  "Expired",
  "InternalError",
  "ServerTimeout",
]);

/**
 * The error that a refusal stands for: from the `Status` object when there is one, else from the HTTP code.
 *
 * Reasons that we do not know (a newer server's, a webhook's) become the one that the code stands for.
 */
export function responseError(code: number, body: string): StatusError {
  const status = statusOf(body);
  const given = status.reason;
  const reason = isReason(given) ? given : (reasonOfCode[code] ?? "InternalError");
  const message = typeof status.message === "string" ? status.message : body.slice(0, 1_000).trim();
  const details = status.details;
  return new StatusError(reason, message === "" ? `The server answered ${code}` : message, {
    code,
    // The server writes StatusDetails here; every field of it is optional.
    details: typeof details === "object" && details !== null ? (details as StatusDetails) : undefined,
  });
}

function isReason(text: unknown): text is StatusReason {
  return typeof text === "string" && reasons.has(text);
}

function statusOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    // Only read by name, each value checked.
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
