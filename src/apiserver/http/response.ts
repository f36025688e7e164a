import type { ApiResponse } from "@fairlead/client/transport/transport";

const encoder = new TextEncoder();

/** Chunks of a body that are there already. */
async function* chunks(...parts: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* parts;
}

/** An answer whose whole body is known. */
export function bytesResponse(
  status: number,
  contentType: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): ApiResponse {
  return {
    status,
    headers: { "content-type": contentType, "content-length": String(body.byteLength), ...headers },
    body: chunks(body),
  };
}

/** JSON text, or a value to print as JSON. */
export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): ApiResponse {
  return bytesResponse(status, "application/json", encoder.encode(JSON.stringify(body)), headers);
}

/** Plain text, as health checks and unknown paths are answered. */
export function textResponse(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): ApiResponse {
  return bytesResponse(status, "text/plain; charset=utf-8", encoder.encode(text), {
    "x-content-type-options": "nosniff",
    ...headers,
  });
}

/** The answer to a path that leads nowhere. */
export function pageNotFoundResponse(): ApiResponse {
  return textResponse(404, "404 page not found\n");
}
