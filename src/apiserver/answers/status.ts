import { statusSchema } from "@fairlead/api/meta/v1/status";
import { type Status, type StatusDetails, StatusError } from "@fairlead/api/status-error";
import type { ApiResponse } from "@fairlead/client/transport/transport";
import type { DocumentAnswer } from "./answer.ts";
import { type Asked, documentResponse } from "./document.ts";
import { type Format, negotiate } from "./negotiate.ts";

const SUCCESS = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" } as const;

/** Returns the answer to a creation that was done and leaves nothing to show. */
export function createdAnswer(): DocumentAnswer {
  return statusAnswer(201, { ...SUCCESS, code: 201 });
}

/** Returns the answer to a deletion of an object that is gone. @param details - Which object it was. */
export function deletedAnswer(details: StatusDetails): DocumentAnswer {
  return statusAnswer(200, { ...SUCCESS, details });
}

/** Returns a Status as an answer. @param code - Of HTTP. A Status may be without one. */
export function statusAnswer(code: number, status: Omit<Status, "code"> & Partial<Status>): DocumentAnswer {
  return { type: "document", code, document: { schema: statusSchema, value: status } };
}

/** Writes a refusal in the form that the client accepts; in JSON where it accepts none that can be served. */
export function refused(asked: Asked, error: StatusError): Promise<ApiResponse> {
  const after = error.details?.retryAfterSeconds;
  const headers = {
    "cache-control": "no-cache, private",
    ...(after !== undefined && { "retry-after": String(after) }),
  };
  return documentResponse(asked, { ...statusAnswer(error.code, error.toStatus()), headers }, formatOfRefusal(asked));
}

function formatOfRefusal({ headers: { accept } }: Asked): Format {
  try {
    return negotiate(accept, { endpoint: "document" }).format;
  } catch (error) {
    if (error instanceof StatusError) return "json";
    throw error;
  }
}
