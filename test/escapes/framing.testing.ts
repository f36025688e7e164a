import type { Escape } from "./escape.testing.ts";

/** A request whose body, read otherwise, would be a request of its own. */
const SMUGGLED = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
const PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/** @param problem - What the parser says; absent for requests that are good. */
function row(
  name: string,
  rule: string,
  head: readonly string[],
  code: number | readonly number[],
  problem?: string,
  body = "",
): Escape {
  const raw = `${head.join("\r\n")}\r\n\r\n${body}`;
  const says =
    problem === undefined ? /\r\nok/ : new RegExp(`"message":"(the request is no HTTP/1.1: Parse Error: )?${problem}"`);
  return { name, rule, as: "jane", attempt: { raw }, want: { code, says } };
}

const post = (...headers: string[]) => [
  `POST ${PATH} HTTP/1.1`,
  "Host: x",
  "Content-Type: application/json",
  ...headers,
];
const get = (...headers: string[]) => ["GET /healthz HTTP/1.1", ...headers];
const BOTH = "RFC 9112 6.1: Content-Length beside Transfer-Encoding (stricter than Kubernetes, where chunks win)";
const LENGTH = "RFC 9112 6.3: Content-Length";
const CHUNKS = "RFC 9112 7.1: chunks (Kubernetes answers what came before them, and closes)";
const FIELDS = "RFC 9112 5.1: field lines";

/** Requests that a second server would cut at another place. */
export const framingEscapes: readonly Escape[] = [
  row(
    "a length beside chunks",
    BOTH,
    post("Content-Length: 4", "Transfer-Encoding: chunked"),
    400,
    "Transfer-Encoding can't be present with Content-Length",
    `0\r\n\r\n${SMUGGLED}`,
  ),
  row(
    "chunks beside a length",
    BOTH,
    post("Transfer-Encoding: chunked", "Content-Length: 4"),
    400,
    "Content-Length can't be present with Transfer-Encoding",
    `0\r\n\r\n${SMUGGLED}`,
  ),
  row(
    "two lengths",
    LENGTH,
    post("Content-Length: 0", `Content-Length: ${SMUGGLED.length}`),
    400,
    "Duplicate Content-Length",
    SMUGGLED,
  ),
  row(
    "two lengths in one field",
    LENGTH,
    post(`Content-Length: 0, ${SMUGGLED.length}`),
    400,
    "Invalid character in Content-Length",
    SMUGGLED,
  ),
  row("a negative length", LENGTH, post("Content-Length: -1"), 400, "Invalid character in Content-Length", SMUGGLED),
  row(
    "a length with a sign",
    LENGTH,
    post(`Content-Length: +${SMUGGLED.length}`),
    400,
    "Invalid character in Content-Length",
    SMUGGLED,
  ),
  row(
    "a hexadecimal length",
    LENGTH,
    post("Content-Length: 0x10"),
    400,
    "Invalid character in Content-Length",
    SMUGGLED,
  ),
  row(
    "a length beyond 2^64",
    LENGTH,
    post("Content-Length: 99999999999999999999"),
    400,
    "Content-Length overflow",
    SMUGGLED,
  ),
  row(
    "chunks that are not the last coding",
    "RFC 9112 6.1: Transfer-Encoding",
    post("Transfer-Encoding: chunked, identity"),
    501,
    "Invalid `Transfer-Encoding` header value",
    `0\r\n\r\n${SMUGGLED}`,
  ),
  row(
    "an unknown coding",
    "RFC 9112 6.1: Transfer-Encoding",
    post("Transfer-Encoding: xchunked"),
    501,
    "Request has invalid `Transfer-Encoding`",
    `0\r\n\r\n${SMUGGLED}`,
  ),
  row(
    "a coding behind a control character",
    "RFC 9110 5.5: field values",
    post("Transfer-Encoding: \x0bchunked"),
    400,
    "Invalid header value char",
    `0\r\n\r\n${SMUGGLED}`,
  ),
  row(
    "a chunk size that is no number",
    CHUNKS,
    post("Transfer-Encoding: chunked"),
    400,
    "Invalid character in chunk size",
    `zz\r\n\r\n${SMUGGLED}`,
  ),
  row(
    "a chunk size beyond 2^64",
    CHUNKS,
    post("Transfer-Encoding: chunked"),
    400,
    "Chunk size overflow",
    `fffffffffffffffff\r\nx\r\n${SMUGGLED}`,
  ),
  row(
    "a chunk longer than its size",
    CHUNKS,
    post("Transfer-Encoding: chunked"),
    400,
    "Expected LF after chunk data",
    `1\r\nxyz\r\n0\r\n\r\n${SMUGGLED}`,
  ),
  row(
    "a space before the colon of a field",
    FIELDS,
    post(`Content-Length : ${SMUGGLED.length}`),
    400,
    "Invalid header field char",
    SMUGGLED,
  ),
  row(
    "a field that is folded",
    "RFC 9112 5.2: line folding (stricter than Kubernetes, which unfolds)",
    get("Host: x", "X-A: b", " Transfer-Encoding: chunked"),
    400,
    "Unexpected whitespace after header value",
  ),
  row("a NUL in a field", "RFC 9110 5.5: field values", get("Host: x", "X-A: a\0b"), 400, "Invalid header value char"),
  row(
    "a lone carriage return ends a field",
    "RFC 9112 2.2: bare CR",
    get("Host: x", "X-A: a\rTransfer-Encoding: chunked"),
    400,
    "Missing expected LF after header value",
  ),
  {
    name: "no field that names the host",
    rule: "RFC 9112 3.2: Host",
    as: "jane",
    attempt: { raw: `${get().join("\r\n")}\r\n\r\n` },
    // The parser's own answer, without a body.
    want: { code: 400, says: /^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n[^{]*$/ },
  },
  row(
    "two fields that name the host",
    "RFC 9112 3.2: Host",
    get("Host: a", "Host: b", "Connection: close"),
    400,
    "too many Host headers",
  ),
  row(
    "a version that is none",
    "RFC 9112 2.3: version",
    ["GET /healthz HTTP/9.9", "Host: x"],
    505,
    "Invalid HTTP version",
  ),
  row(
    "an upgrade at a plain path",
    "RFC 9110 7.8: Upgrade",
    get("Host: x", "Connection: upgrade, close", "Upgrade: SPDY/3.1"),
    200,
  ),
  row(
    "an upgrade to clear HTTP/2",
    "RFC 9113 3.1: no upgrade to h2c",
    get("Host: x", "Connection: Upgrade, HTTP2-Settings, close", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"),
    200,
  ),
  {
    name: "a tunnel to a port of the server's machine: the connection closes without an answer",
    rule: "RFC 9110 9.3.6: CONNECT (stricter than Kubernetes, which authorizes it)",
    as: "jane",
    attempt: { raw: "CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n" },
    want: { code: [], says: /^$/ },
  },
  row(
    "two requests get two answers",
    "RFC 9112 9.3.2: pipelining",
    get("Host: x"),
    [200, 200],
    undefined,
    SMUGGLED.replace("Host: x", "Host: x\r\nConnection: close"),
  ),
];
