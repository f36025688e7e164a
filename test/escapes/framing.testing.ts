import type { Escape } from "./escape.testing.ts";

/** A request whose body, read otherwise, would be a request of its own. */
const SMUGGLED = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
const PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

function row(name: string, rule: string, head: readonly string[], code: number | readonly number[], body = ""): Escape {
  const raw = `${head.join("\r\n")}\r\n\r\n${body}`;
  return {
    name,
    rule,
    as: "jane",
    attempt: { raw },
    want: { code, says: code === 400 ? /^HTTP\/1.1 400 Bad Request/ : /\r\nok/ },
  };
}

const post = (...headers: string[]) => [
  `POST ${PATH} HTTP/1.1`,
  "Host: x",
  "Content-Type: application/json",
  ...headers,
];
const get = (...headers: string[]) => ["GET /healthz HTTP/1.1", ...headers];
const BOTH = "RFC 9112 6.1: Content-Length beside Transfer-Encoding";
const LENGTH = "RFC 9112 6.3: Content-Length";
const CHUNKS = "RFC 9112 7.1: chunks";
const FIELDS = "RFC 9112 5.1: field lines";

/** Requests that a second server would cut at another place. */
export const framingEscapes: readonly Escape[] = [
  row(
    "a length beside chunks",
    BOTH,
    post("Content-Length: 4", "Transfer-Encoding: chunked"),
    400,
    `0\r\n\r\n${SMUGGLED}`,
  ),
  row(
    "chunks beside a length",
    BOTH,
    post("Transfer-Encoding: chunked", "Content-Length: 4"),
    400,
    `0\r\n\r\n${SMUGGLED}`,
  ),
  row("two lengths", LENGTH, post("Content-Length: 0", `Content-Length: ${SMUGGLED.length}`), 400, SMUGGLED),
  row("two lengths in one field", LENGTH, post(`Content-Length: 0, ${SMUGGLED.length}`), 400, SMUGGLED),
  row("a negative length", LENGTH, post("Content-Length: -1"), 400, SMUGGLED),
  row("a length with a sign", LENGTH, post(`Content-Length: +${SMUGGLED.length}`), 400, SMUGGLED),
  row("a hexadecimal length", LENGTH, post("Content-Length: 0x10"), 400, SMUGGLED),
  row("a length beyond 2^64", LENGTH, post("Content-Length: 99999999999999999999"), 400, SMUGGLED),
  row(
    "chunks that are not the last coding",
    "RFC 9112 6.1: Transfer-Encoding",
    post("Transfer-Encoding: chunked, identity"),
    400,
    `0\r\n\r\n${SMUGGLED}`,
  ),
  row(
    "a coding that nobody knows",
    "RFC 9112 6.1: Transfer-Encoding",
    post("Transfer-Encoding: xchunked"),
    400,
    `0\r\n\r\n${SMUGGLED}`,
  ),
  row(
    "a coding behind a control character",
    "RFC 9110 5.5: field values",
    post("Transfer-Encoding: \x0bchunked"),
    400,
    `0\r\n\r\n${SMUGGLED}`,
  ),
  row("a chunk size that is no number", CHUNKS, post("Transfer-Encoding: chunked"), 400, `zz\r\n\r\n${SMUGGLED}`),
  row(
    "a chunk size beyond 2^64",
    CHUNKS,
    post("Transfer-Encoding: chunked"),
    400,
    `fffffffffffffffff\r\nx\r\n${SMUGGLED}`,
  ),
  row(
    "a chunk longer than its size",
    CHUNKS,
    post("Transfer-Encoding: chunked"),
    400,
    `1\r\nxyz\r\n0\r\n\r\n${SMUGGLED}`,
  ),
  row("a space before the colon of a field", FIELDS, post(`Content-Length : ${SMUGGLED.length}`), 400, SMUGGLED),
  row(
    "a field that is folded",
    "RFC 9112 5.2: line folding",
    get("Host: x", "X-A: b", " Transfer-Encoding: chunked"),
    400,
  ),
  row("a NUL in a field", "RFC 9110 5.5: field values", get("Host: x", "X-A: a\0b"), 400),
  row(
    "a lone carriage return ends a field",
    "RFC 9112 2.2: bare CR",
    get("Host: x", "X-A: a\rTransfer-Encoding: chunked"),
    400,
  ),
  row("no field that names the host", "RFC 9112 3.2: Host", get(), 400),
  row("two fields that name the host", "RFC 9112 3.2: Host", get("Host: a", "Host: b", "Connection: close"), 400),
  row("a version that is none", "RFC 9112 2.3: version", ["GET /healthz HTTP/9.9", "Host: x"], 400),
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
    rule: "RFC 9110 9.3.6: CONNECT",
    as: "jane",
    attempt: { raw: "CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n" },
    want: { code: [], says: /^$/ },
  },
  row(
    "two requests get two answers",
    "RFC 9112 9.3.2: pipelining",
    get("Host: x"),
    [200, 200],
    SMUGGLED.replace("Host: x", "Host: x\r\nConnection: close"),
  ),
];
