import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as netConnect } from "node:net";
import type { Duplex } from "node:stream";
import { connect as tlsConnect } from "node:tls";
import { StatusError } from "../../../api/status-error.ts";
import type { ApiRequest, ApiResponse } from "../../../client/transport.ts";
import { limitConnecting } from "../kubelet-connection.ts";
import { authority } from "../kubelet-endpoint.ts";
import type { ProxyTarget } from "./proxy-target.ts";

/** Something that proxied requests are sent to. */
export interface ProxyBackend {
  /** Its address and port, for headers and redirects. */
  readonly host: string;
  readonly port: number;
  /** @throws {StatusError} `ServiceUnavailable` when it cannot be reached. */
  request(request: ApiRequest): Promise<ApiResponse>;
  /** A connection over which the caller speaks HTTP/1.1 himself. */
  connect(): Promise<Duplex>;
}

const CONNECT_TIMEOUT_MS = 30_000;

/**
 * A pod or an endpoint of a Service, over HTTP or HTTPS.
 *
 * As upstream, the certificate of an HTTPS target is not verified: nobody says which authority it is of.
 */
export function targetBackend(target: ProxyTarget): ProxyBackend {
  const { scheme, host, port } = target;
  return {
    host,
    port,
    request: (request) => send(target, request),
    connect: () =>
      new Promise((resolve, reject) => {
        const socket =
          scheme === "https" ? tlsConnect({ host, port, rejectUnauthorized: false }) : netConnect({ host, port });
        socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error("i/o timeout")));
        socket.once("error", (cause) => reject(unreachable(target, cause)));
        socket.once(scheme === "https" ? "secureConnect" : "connect", () => {
          socket.setTimeout(0);
          resolve(socket);
        });
      }),
  };
}

function send(target: ProxyTarget, request: ApiRequest): Promise<ApiResponse> {
  const { scheme, host, port } = target;
  return new Promise((resolve, reject) => {
    const make = scheme === "https" ? httpsRequest : httpRequest;
    const outgoing = make({
      host,
      port,
      method: request.method,
      path: request.path,
      headers: request.headers,
      rejectUnauthorized: false,
      ...(request.signal !== undefined && { signal: request.signal }),
    });
    const connected = scheme === "https" ? "secureConnect" : "connect";
    outgoing.once("socket", (socket) => limitConnecting(socket, connected, CONNECT_TIMEOUT_MS));
    outgoing.once("response", (message: IncomingMessage) => {
      resolve({ status: message.statusCode ?? 502, headers: headersOf(message), body: message });
    });
    outgoing.once("error", (cause) => reject(unreachable(target, cause)));
    outgoing.end(request.body);
  });
}

function headersOf(message: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(message.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}

function unreachable(target: ProxyTarget, cause: Error): StatusError {
  return new StatusError(
    "ServiceUnavailable",
    `error trying to reach service: dial tcp ${authority(target)}: ${cause.message}`,
    {
      cause,
    },
  );
}
