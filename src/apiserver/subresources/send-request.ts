import { request as httpRequest, type IncomingMessage } from "node:http";
import { type RequestOptions as HttpsRequestOptions, request as httpsRequest } from "node:https";
import { isIP, type Socket } from "node:net";
import { goQuote } from "@fairlead/api/go-quote";
import { StatusError } from "@fairlead/api/status-error";
import type { ApiRequest } from "@fairlead/client/transport/transport";
import { HEADERS_MAX_BYTES } from "@fairlead/lib/http-limits";

/** How to reach the backend of one request. */
export interface SendOptions {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
  /** How long to wait for a connection, in milliseconds. The answer may take as long as it likes. */
  readonly connectTimeoutMs: number;
  /**
   * Credentials, trust and connection reuse. Default: a new connection that verifies the certificate. Without an agent,
   * each request has a connection of its own: the address of a kept one may belong to another pod by the next request.
   */
  readonly tls?: Pick<HttpsRequestOptions, "agent" | "checkServerIdentity" | "rejectUnauthorized">;
}

/**
 * Sends one request and resolves with the head of its answer.
 *
 * Frames the request by `Content-Length` alone, whatever its method and headers. Node itself sends the body of a DELETE
 * without any framing, and the backend would parse it as the next request.
 *
 * @throws {StatusError} `BadRequest` for a path or a header that HTTP/1.1 cannot carry. Other errors are those of the
 * connection, and that the backend switches protocols: requests that upgrade go another way.
 */
export function sendRequest(request: ApiRequest, options: SendOptions): Promise<IncomingMessage> {
  const { scheme, host, port, connectTimeoutMs, tls } = options;
  const { method, path, body, signal } = request;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = made(() =>
    (scheme === "https" ? httpsRequest : httpRequest)({
      host,
      port,
      method,
      path,
      headers: framed(request),
      // Of the answer: backends may set large cookies.
      maxHeaderSize: HEADERS_MAX_BYTES,
      agent: false,
      // The name of the backend, not the one that the client's Host header gives.
      ...(scheme === "https" && { ...tls, servername: isIP(host) === 0 ? host : "" }),
      ...(signal !== undefined && { signal }),
    }),
  );
  const connected = scheme === "https" ? "secureConnect" : "connect";
  outgoing.once("socket", (socket) => limitConnecting(socket, connected, connectTimeoutMs));
  const refuseSwitch = ({ headers, socket }: IncomingMessage) => {
    socket.destroy();
    reject(new Error(`backend tried to switch protocol ${goQuote(headers.upgrade ?? "")} when "" was requested`));
  };
  outgoing.once("response", (answer) => (answer.statusCode === 101 ? refuseSwitch(answer) : resolve(answer)));
  // Without a listener, Node ends the request without an error.
  outgoing.once("upgrade", refuseSwitch);
  outgoing.on("error", reject);
  outgoing.once("close", () => reject(new Error("the connection was closed before an answer")));
  outgoing.end(body);
  return promise;
}

/** Limits how long connecting takes, and nothing after that: a log that is followed may be silent for hours. */
function limitConnecting(socket: Socket, connected: "connect" | "secureConnect", timeoutMs: number): void {
  if (!socket.connecting) return;
  const onTimeout = () => socket.destroy(new Error("i/o timeout"));
  socket.setTimeout(timeoutMs, onTimeout);
  socket.once(connected, () => socket.setTimeout(0).removeListener("timeout", onTimeout));
}

function framed({ headers, body }: ApiRequest): Record<string, string> {
  const { "content-length": _, "transfer-encoding": __, ...rest } = headers;
  return body === undefined ? rest : { ...rest, "content-length": String(body.byteLength) };
}

/** Node checks paths and headers when it makes a request. */
function made<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new StatusError("BadRequest", `the request cannot be passed on: ${cause.message}`, { cause });
  }
}
