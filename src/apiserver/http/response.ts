import type { ApiResponse } from "@fairlead/client/transport/transport";

const encoder = new TextEncoder();

/** A body that is there already, in one piece. */
export interface WholeBody extends AsyncIterable<Uint8Array> {
  readonly bytes: Uint8Array;
}

class BytesBody implements WholeBody {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    yield this.bytes;
  }
}

/** Returns whether a body is there already: it can be written without waiting for its pieces. */
export function isWhole(body: AsyncIterable<Uint8Array>): body is WholeBody {
  return "bytes" in body;
}

/** A body that writes further pieces into the memory of earlier ones, where its reader gives them back. */
export interface ReusingBody extends AsyncIterable<Uint8Array> {
  /** Takes a piece back that the reader will not read again. Optional: without it each piece has memory of its own. */
  giveBack(piece: Uint8Array): void;
}

/** Returns whether a body takes its pieces back. */
export function isReusing(body: AsyncIterable<Uint8Array>): body is ReusingBody {
  return "giveBack" in body;
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
    body: new BytesBody(body),
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
