import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { ServerOptions as Http1ServerOptions, IncomingMessage, ServerResponse } from "node:http";
import type { Http2SecureServer, Http2ServerResponse, SecureServerOptions } from "node:http2";
import { createSecureServer, Http2ServerRequest } from "node:http2";
import type { AddressInfo, Server as NetServer, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { StatusError } from "@fairlead/api/status-error";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";
import { CALLED_OFF } from "@fairlead/lib/called-off";
import { HEADERS_MAX_BYTES } from "@fairlead/lib/http-limits";
import type { Logger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import { refused } from "../answers/status.ts";
import type { Credentials } from "../authn/authenticator.ts";
import type { ApiServer } from "../server.ts";
import { proxyPath } from "../subresources/proxy/proxy-path.ts";
import { refuseConnection } from "./bad-request.ts";
import { IMPERSONATION_PREFIX, impersonationHeaders } from "./impersonation.ts";
import { readBody } from "./read-body.ts";
import { sendOverWebSocket } from "./websocket-body.ts";
import type { OutgoingResponse } from "./write-response.ts";
import { writeRaw, writeResponse } from "./write-response.ts";

export interface ListenOptions {
  readonly server: ApiServer;
  /** PEM texts. Clients may show a certificate of `clientCa`; others are taken as having shown none. */
  readonly tls: { readonly cert: string; readonly key: string; readonly clientCa: string };
  /** Where to listen. Default port: any free one. */
  readonly address?: { readonly host: string; readonly port?: number };
  /** Listening sockets made elsewhere, for example by a parent process in another network namespace. */
  readonly sockets?: readonly NetServer[];
  readonly log: Logger;
}

/** A server behind its socket. */
export interface Listening extends Running {
  /** The port of `address`; `undefined` without one. */
  readonly port: number | undefined;
}

/** Memory that one HTTP/2 connection may hold for its streams, in MiB: a client may have thousands of watches on it. */
const SESSION_MEMORY_MIB = 512;
/**
 * How long a connection is kept for another request, in milliseconds: as long as upstream keeps it. Clients that ask every
 * ten seconds, as kubelets do, would else make a TLS connection for each request.
 */
const IDLE_CONNECTION_MS = 90_000;
/** How long requests under way are waited for when the server stops. */
const DRAIN_MS = 2_000;

const HOST = "host";

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = (ServerResponse | Http2ServerResponse) & OutgoingResponse;

/**
 * Serves the API over TLS, HTTP/1.1 and HTTP/2 on the same sockets.
 *
 * Stop the {@link ApiServer} first: that ends its watches. What is still under way then gets two seconds.
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { server, tls, address, sockets = [], log } = options;
  const secure = createSecureServer(tlsOptions(tls));
  // Node's HTTP/2 server takes no such option, but asks this when HTTP/1.1 is spoken on its connections.
  Object.assign(secure, { shouldUpgradeCallback: (incoming: IncomingMessage) => leadsToUpgrade(server, incoming) });
  const open = trackConnections(secure);
  secure.on("request", (request: Incoming, response: Outgoing) => {
    const gone = new AbortController();
    const end = open.beginRequest();
    response.on("close", () => {
      end();
      // After a whole answer there is nothing left to abort.
      if (!response.writableEnded) gone.abort(CALLED_OFF);
    });
    void serve(server, gone.signal, request, response).catch((error: unknown) => {
      log.warn("Answering a request failed", { path: request.url, error });
      response.destroy();
    });
  });
  secure.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    void upgrade(server, request, { socket, head }).catch((error: unknown) => {
      log.warn("Upgrading a connection failed", { path: request.url, error });
      socket.destroy();
    });
  });
  secure.on("clientError", (error: Error, socket: Duplex) => void refuseConnection(error, socket));
  secure.on("sessionError", (error: unknown) => log.debug("An HTTP/2 connection failed", { error }));
  // A connection that was accepted elsewhere is handed over as if it had been accepted here.
  for (const socket of sockets) socket.on("connection", (connection: Socket) => secure.emit("connection", connection));
  if (address !== undefined) {
    secure.listen(address.port ?? 0, address.host);
    await once(secure, "listening");
  }
  return {
    port: address === undefined ? undefined : (secure.address() as AddressInfo).port,
    ...running(async () => {
      for (const socket of sockets) socket.close();
      const closed = address === undefined ? Promise.resolve() : once(secure, "close");
      if (address !== undefined) secure.close();
      await open.drained(DRAIN_MS);
      open.destroyAll();
      await closed;
    }),
  };
}

/** Typed apart: the type of `http1Options` lacks `maxHeaderSize`. */
const HTTP1_OPTIONS: Http1ServerOptions = {
  maxHeaderSize: HEADERS_MAX_BYTES,
  keepAliveTimeout: IDLE_CONNECTION_MS,
};

function tlsOptions({ cert, key, clientCa }: ListenOptions["tls"]): SecureServerOptions {
  return {
    cert,
    key,
    ca: clientCa,
    allowHTTP1: true,
    requestCert: true,
    // Who shows no certificate may have a token; who shows a wrong one is refused when the request is authenticated.
    rejectUnauthorized: false,
    minVersion: "TLSv1.2",
    maxSessionMemory: SESSION_MEMORY_MIB,
    settings: { maxConcurrentStreams: 1_000, initialWindowSize: 1024 * 1024, maxHeaderListSize: HEADERS_MAX_BYTES },
    http1Options: HTTP1_OPTIONS,
    maxSendHeaderBlockLength: HEADERS_MAX_BYTES,
  };
}

/** Returns whether an upgrade request is served as one. Others are ordinary requests. */
function leadsToUpgrade(server: ApiServer, incoming: IncomingMessage): boolean {
  return server.upgradeKind({ method: incoming.method ?? "GET", ...askedBy(incoming) }) !== undefined;
}

/** Knows every connection and request under way, so that stopping can wait for the latter and end the former. */
function trackConnections(secure: Http2SecureServer) {
  const connections = new Set<Socket>();
  let requests = 0;
  let whenIdle = () => {};
  secure.on("connection", (socket: Socket) => {
    connections.add(socket);
    // Answers are small and whole: waiting to fill a packet would only hold them up.
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => connections.delete(socket));
  });
  secure.on("session", (session) => session.on("error", () => session.destroy()));
  const endRequest = () => {
    requests--;
    if (requests === 0) whenIdle();
  };
  return {
    /** Counts a request. Returns what to call once its answer is closed. */
    beginRequest(): () => void {
      requests++;
      return endRequest;
    },
    /** Resolves when no request is left, or the time is up. */
    async drained(timeoutMs: number): Promise<void> {
      if (requests === 0) return;
      await new Promise<void>((resolve) => {
        whenIdle = resolve;
        setTimeout(resolve, timeoutMs).unref();
      });
    },
    destroyAll() {
      for (const socket of connections) socket.destroy();
    },
  };
}

/** @param gone - Aborted when the client has left before the answer was whole. */
async function serve(server: ApiServer, gone: AbortSignal, incoming: Incoming, outgoing: Outgoing): Promise<void> {
  const asked = requestOf(incoming, gone);
  let response: ApiResponse;
  try {
    response = await answer(server, asked, incoming);
  } catch (error) {
    if (gone.aborted) return;
    throw error;
  }
  await writeResponse(outgoing, withCommonHeaders(response, asked), incoming.method === "HEAD");
}

async function answer(server: ApiServer, asked: ApiRequest, incoming: Incoming): Promise<ApiResponse> {
  try {
    refuseSecondHost(incoming);
    const user = await server.authenticate(credentialsOf(incoming, asked));
    return await server.handle(asked, user, () => readBody(incoming));
  } catch (error) {
    if (error instanceof StatusError) return refused(asked, error);
    throw error;
  }
}

/** Proxies that took the other one would send the request elsewhere (RFC 9112 §3.2). Node takes the first. */
function refuseSecondHost({ httpVersionMajor, rawHeaders }: Incoming): void {
  if (httpVersionMajor !== 1) return;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === HOST.length && name.toLowerCase() === HOST) hosts++;
  }
  if (hosts > 1) throw new StatusError("BadRequest", "too many Host headers");
}

/** Adds `Audit-Id`, the client's or a new one, and the default of `Cache-Control`. */
function withCommonHeaders(response: ApiResponse, { headers: { "audit-id": auditId } }: ApiRequest): ApiResponse {
  const headers = {
    "audit-id": auditId || randomUUID(),
    "cache-control": "no-cache, private",
    ...response.headers,
  };
  return { ...response, headers };
}

interface Upgraded {
  readonly socket: Duplex;
  readonly head: Buffer;
}

async function upgrade(server: ApiServer, incoming: IncomingMessage, { socket, head }: Upgraded): Promise<void> {
  // From here on this is the only error listener of the socket.
  socket.on("error", () => socket.destroy());
  const gone = new AbortController();
  socket.once("close", () => gone.abort(CALLED_OFF));
  const asked = requestOf(incoming, gone.signal);
  try {
    refuseSecondHost(incoming);
    const user = await server.authenticate(credentialsOf(incoming, asked));
    const kind = server.upgradeKind(asked);
    if (kind === "watch" || kind === "bytes") {
      await sendOverWebSocket(await server.handle(asked, user), kind, { incoming, socket, head });
      return;
    }
    const { handler, request } = await server.upgrade(asked, user);
    await handler.upgrade?.(request, socket, head);
  } catch (error) {
    if (gone.signal.aborted) return;
    if (!(error instanceof StatusError)) throw error;
    await writeRaw(socket, withCommonHeaders(await refused(asked, error), asked));
  }
}

function requestOf(incoming: Incoming, signal: AbortSignal): ApiRequest {
  const { remoteAddress } = incoming.socket;
  const { path, headers } = askedBy(incoming);
  const asked = { method: methodOf(incoming), path, headers, signal };
  return remoteAddress === undefined ? asked : { ...asked, clientAddress: remoteAddress };
}

/** Returns the method to serve: HEAD is served as GET, except for backends of proxies. */
function methodOf({ method = "GET", url = "/" }: Incoming): string {
  return method === "HEAD" && proxyPath(url).prefix === "" ? "GET" : method;
}

function askedBy(incoming: Incoming): Pick<ApiRequest, "path" | "headers"> {
  return { path: incoming.url ?? "/", headers: headersOf(incoming) };
}

function headersOf(incoming: Incoming): Record<string, string> {
  const headers: Record<string, string> = {};
  // What HTTP/1.1 calls Host is a pseudo-header of HTTP/2.
  const { headers: given } = incoming;
  const authority = given[":authority"];
  if (typeof authority === "string") headers.host = authority;
  let isImpersonating = false;
  for (const name in given) {
    const value = given[name];
    if (value === undefined || name.startsWith(":")) continue;
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
    isImpersonating ||= name.startsWith(IMPERSONATION_PREFIX);
  }
  return isImpersonating ? Object.assign(headers, impersonationHeaders(incoming.rawHeaders)) : headers;
}

/** Reading a certificate takes as long as a small request; a connection keeps the one that it began with. */
const certificates = new WeakMap<object, Pick<Credentials, "certificate" | "certificateError">>();

function credentialsOf(incoming: Incoming, { headers }: ApiRequest): Credentials {
  const connection =
    incoming instanceof Http2ServerRequest ? (incoming.stream.session ?? incoming.stream) : incoming.socket;
  let certificate = certificates.get(connection);
  if (certificate === undefined) {
    certificate = certificateOf(incoming.socket);
    certificates.set(connection, certificate);
  }
  return { headers, ...certificate };
}

/** A certificate that is not of the client CA, or not of today, is reported as such: its holder meant to be known. */
function certificateOf(socket: unknown): Pick<Credentials, "certificate" | "certificateError"> {
  // HTTP/2 gives its sessions' sockets as proxies, which are no instances of their class.
  const tls = socket as Partial<TLSSocket> | undefined;
  const certificate = tls?.getPeerCertificate?.();
  if (certificate === undefined || certificate === null || Object.keys(certificate).length === 0) return {};
  if (tls?.authorized === true) return { certificate };
  return { certificateError: String(tls?.authorizationError ?? "unknown authority") };
}
