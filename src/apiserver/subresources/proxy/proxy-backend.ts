import { connect as netConnect } from "node:net";
import type { Duplex } from "node:stream";
import { connect as tlsConnect } from "node:tls";
import { StatusError } from "@fairlead/api/status-error";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";
import { backendResponse } from "../end-to-end.ts";
import { authority } from "../kubelet-endpoint.ts";
import { sendRequest } from "../send-request.ts";
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
 * As upstream, the certificate of an HTTPS target is not verified: its authority is unknown.
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

async function send(target: ProxyTarget, request: ApiRequest): Promise<ApiResponse> {
  const options = { ...target, connectTimeoutMs: CONNECT_TIMEOUT_MS, tls: { rejectUnauthorized: false } };
  try {
    return backendResponse(await sendRequest(request, options));
  } catch (cause) {
    if (cause instanceof StatusError || !(cause instanceof Error)) throw cause;
    throw unreachable(target, cause);
  }
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
