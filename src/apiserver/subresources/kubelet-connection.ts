import type { IncomingMessage } from "node:http";
import { Agent } from "node:https";
import { isIP } from "node:net";
import {
  checkServerIdentity,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
  connect as tlsConnect,
} from "node:tls";
import type { Node } from "@fairlead/api/core/v1/node/node";
import { StatusError } from "@fairlead/api/status-error";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";
import { backendResponse } from "./end-to-end.ts";
import { authority, type KubeletEndpoint, kubeletEndpoint } from "./kubelet-endpoint.ts";
import { sendRequest } from "./send-request.ts";

/** How the API server reaches the HTTPS endpoints of the kubelets. */
export interface KubeletConnection {
  /**
   * Sends one request to the kubelet of a node, given by the node's name or as the endpoint that the caller found, and resolves with the head of its answer, whatever its status.
   *
   * @throws {StatusError} `NotFound` when there is no such node, `InternalError` when its kubelet cannot be reached.
   */
  request(node: string | KubeletEndpoint, request: ApiRequest): Promise<ApiResponse>;
  /**
   * Opens a TLS connection to the kubelet of a node, given as for `request`, over which the caller then speaks HTTP/1.1 itself:
   * for requests that upgrade.
   *
   * @throws {StatusError} as `request` does.
   */
  connect(
    node: string | KubeletEndpoint,
    signal?: AbortSignal,
  ): Promise<{ readonly socket: TLSSocket; readonly endpoint: KubeletEndpoint }>;
  /** Closes the connections kept for reuse. Ones in use go on. */
  close(): void;
}

/** How kubelets are found and how the API server is known to them. */
export interface KubeletConnectionOptions {
  /** Gives the node, or throws `NotFound`. */
  readonly node: (name: string) => Promise<Node>;
  /** The API server's client certificate and the authority that signed the kubelets' own, all PEM. */
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string };
  /** How long to wait for a connection. Default 10,000. */
  readonly connectTimeoutMs?: number;
}

/** Reaches kubelets at the address and the port in their nodes' status, with the API server's client certificate. */
export function createKubeletConnection(options: KubeletConnectionOptions): KubeletConnection {
  const { tls, connectTimeoutMs = 10_000 } = options;
  // Otherwise each connection parses the certificates again.
  const secureContext = createSecureContext(tls);
  const agent = new Agent({ keepAlive: true, maxCachedSessions: 0, secureContext });
  const endpointOf = async (node: string | KubeletEndpoint) =>
    typeof node === "string" ? kubeletEndpoint(await options.node(node)) : node;

  return {
    async request(node, request) {
      const endpoint = await endpointOf(node);
      return backendResponse(await sendOnce(endpoint, request, { agent, connectTimeoutMs }));
    },

    async connect(node, signal) {
      const endpoint = await endpointOf(node);
      return { socket: await openSocket(endpoint, { secureContext, connectTimeoutMs, signal }), endpoint };
    },

    close: () => agent.destroy(),
  };
}

/** A kept connection may have been closed by the kubelet just as the request was written: then nothing has been done yet. */
async function sendOnce(
  endpoint: KubeletEndpoint,
  request: ApiRequest,
  options: SendOptions,
): Promise<IncomingMessage> {
  try {
    return await send(endpoint, request, options);
  } catch (error) {
    if (request.method !== "GET" || !(error instanceof StatusError) || !isReset(error.cause)) throw error;
    return send(endpoint, request, options);
  }
}

interface SendOptions {
  readonly agent: Agent;
  readonly connectTimeoutMs: number;
}

function isReset(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && (cause.code === "ECONNRESET" || cause.code === "EPIPE");
}

async function send(
  endpoint: KubeletEndpoint,
  request: ApiRequest,
  { agent, connectTimeoutMs }: SendOptions,
): Promise<IncomingMessage> {
  const { host, port } = endpoint;
  const checkServerIdentity = (name: string, certificate: PeerCertificate) =>
    identityProblem(endpoint, name === "" ? host : name, certificate);
  try {
    const tls = { agent, checkServerIdentity };
    return await sendRequest(request, { scheme: "https", host, port, connectTimeoutMs, tls });
  } catch (cause) {
    if (cause instanceof StatusError || !(cause instanceof Error)) throw cause;
    const url = `https://${authority(endpoint)}${request.path}`;
    throw unreachable(`${capitalized(request.method)} ${JSON.stringify(url)}`, endpoint, cause);
  }
}

interface SocketOptions {
  readonly secureContext: SecureContext;
  readonly connectTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

function openSocket(endpoint: KubeletEndpoint, options: SocketOptions): Promise<TLSSocket> {
  const { secureContext, connectTimeoutMs, signal } = options;
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({
      host: endpoint.host,
      port: endpoint.port,
      ALPNProtocols: ["http/1.1"],
      ...(isIP(endpoint.host) === 0 && { servername: endpoint.host }),
      checkServerIdentity: (host, certificate) => identityProblem(endpoint, host, certificate),
      secureContext,
    });
    const fail = (cause: Error) => {
      signal?.removeEventListener("abort", onAbort);
      socket.destroy();
      reject(unreachable("error dialing backend", endpoint, cause));
    };
    const onAbort = () => fail(new Error("operation was canceled"));
    socket.once("error", fail);
    socket.setTimeout(connectTimeoutMs, () => fail(new Error("i/o timeout")));
    socket.once("secureConnect", () => {
      socket.setTimeout(0);
      socket.removeListener("error", fail);
      signal?.removeEventListener("abort", onAbort);
      resolve(socket);
    });
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** A certificate for the node's name is as good as one for its address, which may have changed since it was issued. */
function identityProblem({ nodeName }: KubeletEndpoint, host: string, certificate: PeerCertificate): Error | undefined {
  const problem = checkServerIdentity(host, certificate);
  return problem === undefined ? undefined : checkServerIdentity(nodeName, certificate) && problem;
}

/** Worded as upstream's HTTP client words it, so that what people search for finds the same advice. */
function unreachable(doing: string, endpoint: KubeletEndpoint, cause: Error): StatusError {
  return new StatusError("InternalError", `${doing}: ${dialText(authority(endpoint), cause)}`, { cause });
}

function dialText(address: string, cause: Error): string {
  const code = "code" in cause ? cause.code : undefined;
  switch (code) {
    case "ECONNREFUSED":
      return `dial tcp ${address}: connect: connection refused`;
    case "EHOSTUNREACH":
      return `dial tcp ${address}: connect: no route to host`;
    case "ENETUNREACH":
      return `dial tcp ${address}: connect: network is unreachable`;
    case "ECONNRESET":
      return "EOF";
    default:
      return cause.message === "i/o timeout" ? `dial tcp ${address}: i/o timeout` : cause.message;
  }
}

function capitalized(method: string): string {
  return method.slice(0, 1) + method.slice(1).toLowerCase();
}
