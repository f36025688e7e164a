import { pipeline, Readable } from "node:stream";
import { createDeflate, createDeflateRaw, createGunzip, createGzip, createInflate, createInflateRaw } from "node:zlib";
import { StatusError } from "@fairlead/api/status-error";
import type { ApiResponse } from "@fairlead/client/transport/transport";
import { createLinkRewriter } from "./html-links.ts";
import { type ProxyLocation, proxiedURL } from "./proxied-url.ts";

/** Pages of the backend share the API server's origin. A backend must not grant other origins access to it. */
const CORS_HEADERS: ReadonlySet<string> = new Set([
  "access-control-allow-credentials",
  "access-control-allow-headers",
  "access-control-allow-methods",
  "access-control-allow-origin",
]);

/**
 * Returns a backend's answer as clients of the proxy get it: with `Location`, or else the links of an HTML document,
 * below the proxy. HTML may be compressed with gzip or deflate; in another encoding it stays unchanged.
 *
 * @throws {StatusError} `InternalError` for a `Location` that is no URL.
 */
export async function proxiedResponse(response: ApiResponse, proxy: ProxyLocation): Promise<ApiResponse> {
  const headers = Object.fromEntries(Object.entries(response.headers).filter(([name]) => !CORS_HEADERS.has(name)));
  const { location, "content-type": contentType = "", "content-encoding": encoding = "" } = headers;
  if (location !== undefined && location !== "") {
    const outside = proxiedURL(location, proxy);
    if (outside === undefined) throw badLocation(location);
    return { ...response, headers: { ...headers, location: outside } };
  }
  if (contentType.split(";")[0]?.trim().toLowerCase() !== "text/html") return { ...response, headers };
  const body = await rewritten(response.body, encoding, (url) => proxiedURL(url, proxy) ?? url);
  if (body === undefined) return { ...response, headers };
  const { "content-length": _, ...others } = headers;
  return { ...response, headers: others, body };
}

function badLocation(location: string): StatusError {
  const message = `error trying to parse Location header: ${JSON.stringify(location)} is not a URL`;
  return new StatusError("InternalError", `Internal error occurred: ${message}`, {
    details: { causes: [{ message }] },
  });
}

type Body = AsyncIterable<Uint8Array>;

/** `undefined`: the encoding is unknown. */
async function rewritten(body: Body, encoding: string, rewrite: (url: string) => string): Promise<Body | undefined> {
  const rewriteLinks = (source: Body) => links(source, rewrite);
  switch (encoding) {
    case "":
      return rewriteLinks(body);
    case "gzip":
      return pipeline(Readable.from(body), createGunzip(), rewriteLinks, createGzip(), ignore);
    case "deflate": {
      const { isZlib, whole } = await peeked(body);
      const [inflate, deflate] = isZlib ? [createInflate(), createDeflate()] : [createInflateRaw(), createDeflateRaw()];
      return pipeline(Readable.from(whole), inflate, rewriteLinks, deflate, ignore);
    }
    default:
      return undefined;
  }
}

/** The reader of the last stream receives the error. */
function ignore(): void {}

/** Markup is ASCII: read as Latin-1, the bytes of any ASCII-compatible encoding stay unchanged. */
async function* links(source: Body, rewrite: (url: string) => string): Body {
  const rewriter = createLinkRewriter(rewrite);
  for await (const piece of source) {
    const written = rewriter.push(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1"));
    if (written !== "") yield Buffer.from(written, "latin1");
  }
  yield Buffer.from(rewriter.end(), "latin1");
}

/** Detects the header of zlib: servers send deflate with it (RFC 9110 section 8.4.1.2) and without it. */
async function peeked(body: Body): Promise<{ readonly isZlib: boolean; readonly whole: Body }> {
  const iterator = body[Symbol.asyncIterator]();
  const first = await iterator.next();
  const [method = 0, flags = 0] = first.done === true ? [] : first.value;
  const whole = async function* () {
    try {
      for (let one = first; one.done !== true; one = await iterator.next()) yield one.value;
    } finally {
      await iterator.return?.();
    }
  };
  return { isZlib: (method & 15) === 8 && (method * 256 + flags) % 31 === 0, whole: whole() };
}
