import { StatusError } from "@fairlead/api/status-error";
import type { ApiResponse } from "@fairlead/client/transport/transport";

/** As much of a kubelet's refusal as is shown. */
const TEXT_MAX_BYTES = 10_000;

/** Makes an API error out of what a kubelet answered instead of what was asked of it. @param what - `pods/log p` */
export async function backendError(response: ApiResponse, what: string): Promise<StatusError> {
  const text = await shortText(response.body);
  switch (response.status) {
    case 400:
      return new StatusError("BadRequest", text);
    case 401:
    case 403:
      return new StatusError("InternalError", `the node refused the API server (${what}): ${text}`);
    case 404:
      return new StatusError("NotFound", `the server could not find the requested resource (${what})`, {
        details: { causes: [{ reason: "UnexpectedServerResponse", message: text }] },
      });
    case 503:
      return new StatusError("ServiceUnavailable", text);
    default:
      return new StatusError("InternalError", `Internal error occurred: ${text}`, {
        details: { causes: [{ message: text }] },
      });
  }
}

async function shortText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    parts.push(part);
    length += part.byteLength;
    if (length >= TEXT_MAX_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, TEXT_MAX_BYTES).toString("utf8").trim();
}
