import { createGzip, type Gzip } from "node:zlib";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";
import { isReusing } from "../http/response.ts";

/** Smaller answers are not worth it; upstream's figure. */
export const COMPRESSED_BYTES_MIN = 128 * 1024;
const ENCODING = "Accept-Encoding";
/** The fastest level: the network is seldom slower than the compressor. */
const LEVEL = 1;

/**
 * Compresses an answer whose client accepts gzip and whose size makes it worthwhile.
 *
 * @param byteLength - About how long the body will be; {@link COMPRESSED_BYTES_MIN} stands for all that is longer.
 */
export function compressed(
  request: Pick<ApiRequest, "headers">,
  response: ApiResponse,
  byteLength: number,
): ApiResponse {
  if (byteLength < COMPRESSED_BYTES_MIN || !acceptsGzip(request.headers["accept-encoding"])) return response;
  const { "content-length": _length, vary, ...headers } = response.headers;
  const gzip = createGzip({ level: LEVEL });
  void feed(gzip, response.body).catch((error: Error) => gzip.destroy(error));
  return {
    status: response.status,
    headers: { ...headers, "content-encoding": "gzip", vary: vary === undefined ? ENCODING : `${vary}, ${ENCODING}` },
    body: gzip,
  };
}

/** Resolves when all of the body has been taken, or the reader has left. */
async function feed(gzip: Gzip, body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of body) {
    await new Promise((resolve) => gzip.write(piece, resolve));
    if (gzip.destroyed) return;
    if (isReusing(body)) body.giveBack(piece);
  }
  gzip.end();
}

function acceptsGzip(header: string | undefined): boolean {
  return (header ?? "").split(",").some((clause) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$)[\d.]+\s*)?$/i.test(clause));
}
