import type { IncomingMessage } from "node:http";
import type { ApiResponse } from "@fairlead/client/transport/transport";

/**
 * Hop-by-hop headers (RFC 9110 section 7.6.1), whether `Connection` names them or not. Framing headers belong to them:
 * the proxy frames each message itself.
 */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Returns the headers that a proxy may pass on: neither hop-by-hop, nor named by `Connection`. Names in lower case. */
export function endToEndHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const named = new Set((headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !named.has(name)));
}

/** Converts the answer of a backend. Keeps `Content-Length`, so that clients detect a truncated body. */
export function backendResponse(message: IncomingMessage): ApiResponse {
  const { "set-cookie": setCookies, ...single } = message.headers;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(single)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  const length = headers["content-length"];
  return {
    status: message.statusCode ?? 502,
    headers: { ...endToEndHeaders(headers), ...(length !== undefined && { "content-length": length }) },
    ...(setCookies !== undefined && { setCookies }),
    body: message,
  };
}
