import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";

/** Smaller answers are not worth it; upstream's figure. */
const LEAST_BYTES = 128 * 1024;
const ENCODING = "Accept-Encoding";
/** The fastest level: the network is seldom slower than the compressor. */
const LEVEL = 1;

/**
 * Compresses an answer whose client accepts gzip and whose size makes it worthwhile.
 *
 * @param byteLength - About how long the body will be.
 */
export function compressed(
  request: Pick<ApiRequest, "headers">,
  response: ApiResponse,
  byteLength: number,
): ApiResponse {
  if (byteLength < LEAST_BYTES || !acceptsGzip(request.headers["accept-encoding"])) return response;
  const { "content-length": _length, vary, ...headers } = response.headers;
  const source = Readable.from(response.body, { objectMode: false });
  const gzip = createGzip({ level: LEVEL });
  source.on("error", (error) => gzip.destroy(error));
  gzip.on("close", () => source.destroy());
  return {
    status: response.status,
    headers: { ...headers, "content-encoding": "gzip", vary: vary === undefined ? ENCODING : `${vary}, ${ENCODING}` },
    body: source.pipe(gzip),
  };
}

function acceptsGzip(header: string | undefined): boolean {
  return (header ?? "").split(",").some((clause) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$)[\d.]+\s*)?$/i.test(clause));
}
