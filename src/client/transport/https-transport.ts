import type { IncomingMessage } from "node:http";
import { type Agent, request as httpsRequest } from "node:https";
import { createSecureContext } from "node:tls";
import { onAbort } from "@fairlead/lib/on-abort";
import { ConnectionError } from "./connection-error.ts";
import { type ResumingAgent, resumingAgent } from "./resuming-agent.ts";
import type { ApiRequest, ApiResponse, Transport } from "./transport.ts";

/** TCP probes a silent connection this often: a watch over a dead one ends after about 40 s. */
const KEEP_ALIVE_MS = 30_000;
/**
 * Idle connections are closed after this time, in milliseconds, or a second before the time that the server announces in
 * its `Keep-Alive` header: it must not close one while a request is on its way. client-go's figure.
 */
const IDLE_TIMEOUT_MS = 90_000;
/** Limits idle connections, and so the connections that a request may find closed one after another. */
const IDLE_CONNECTIONS_MAX = 16;

export interface HttpsTransportOptions {
  /** `https://127.0.0.1:6443`; a path in it is put before every request's. */
  readonly server: string;
  /** PEM of the authorities that may sign the server's certificate. Default: the system's. */
  readonly ca?: string | undefined;
  /** PEM; with `clientKey`, who we are. */
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
  /** Bearer token; a function is asked for each request, so that a renewed token is used. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** Name to check the server's certificate for. Default: the host in `server`. */
  readonly serverName?: string | undefined;
  /** Do not check who the server is. */
  readonly insecure?: boolean | undefined;
  /** Default 10 000. Does not limit how long an answer may take. */
  readonly connectTimeoutMs?: number | undefined;
  /** Default `fairlead`. */
  readonly userAgent?: string | undefined;
  /** No request is sent before. Default: none is held up. */
  readonly ready?: Promise<void> | undefined;
}

/**
 * Carries requests over HTTPS, with HTTP/1.1 connections that are kept for the next request.
 *
 * Every watch has a connection of its own, so that none can hold up a request or another watch
 * (over HTTP/2 they would share one flow-control window). Programs begin with many at once: all but the first wait until it
 * has a TLS session that they can resume.
 */
export function createHttpsTransport(options: HttpsTransportOptions): Transport {
  const base = new URL(options.server);
  // Made at the first request, which fails when a certificate is broken.
  let agent: ResumingAgent | undefined;
  let isResumable = false;
  let closed = false;

  async function headersOf({ headers, body }: ApiRequest): Promise<Record<string, string>> {
    const token = typeof options.token === "function" ? await options.token() : options.token;
    return {
      "user-agent": options.userAgent ?? "fairlead",
      ...headers,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-length": String(body.byteLength) }),
    };
  }

  async function begin(request: ApiRequest): Promise<Exchange> {
    refuseIfClosed();
    const connectTimeoutMs = options.connectTimeoutMs ?? 10_000;
    if (agent === undefined) {
      agent = agentFor(options);
      return beginFirst(agent, base, request, connectTimeoutMs);
    }
    if (!isResumable) {
      await orAborted(agent.firstSession, request.signal);
      isResumable = true;
      refuseIfClosed();
    }
    return exchangeOver(agent.agent, base, request, connectTimeoutMs);
  }

  function refuseIfClosed(): void {
    if (closed) throw new ConnectionError("The transport is closed");
  }

  async function send(request: ApiRequest, repeatsLeft: number): Promise<ApiResponse> {
    const headers = await headersOf(request);
    const exchange = await begin({ ...request, headers });
    try {
      return toResponse(await exchange.response);
    } catch (error) {
      request.signal?.throwIfAborted();
      if (repeatsLeft > 0 && mayRepeat(request, exchange)) return send(request, repeatsLeft - 1);
      throw new ConnectionError(`Cannot reach the API server at ${base.origin}`, { cause: error });
    }
  }

  return {
    async send(request) {
      await orAborted(options.ready, request.signal);
      return await send(request, IDLE_CONNECTIONS_MAX);
    },
    async close() {
      closed = true;
      agent?.agent.destroy();
    },
  };
}

/** Whatever becomes of the first exchange, the others do not wait for a session that will not come. */
function beginFirst(
  { agent, giveUp }: ResumingAgent,
  base: URL,
  request: ApiRequest,
  connectTimeoutMs: number,
): Exchange {
  try {
    const exchange = exchangeOver(agent, base, request, connectTimeoutMs);
    exchange.response.then(giveUp, giveUp);
    return exchange;
  } catch (error) {
    giveUp();
    throw error;
  }
}

/** Rejects when the signal is aborted first. */
async function orAborted(promise: Promise<void> | undefined, signal: AbortSignal | undefined): Promise<void> {
  if (promise === undefined) return;
  const aborted = Promise.withResolvers<never>();
  const forget = onAbort(signal, () => aborted.reject(signal?.reason));
  try {
    await Promise.race([promise, aborted.promise]);
  } finally {
    forget();
  }
}

function agentFor({ ca, clientCertificate, clientKey, serverName, insecure }: HttpsTransportOptions): ResumingAgent {
  return resumingAgent({
    keepAlive: true,
    maxFreeSockets: IDLE_CONNECTIONS_MAX,
    // Node applies it to idle connections only, and the server's announcement only where there is one of our own.
    timeout: IDLE_TIMEOUT_MS,
    // Otherwise each connection parses the certificates again.
    secureContext: createSecureContext({ ca, cert: clientCertificate, key: clientKey }),
    servername: serverName,
    rejectUnauthorized: insecure !== true,
  });
}

/**
 * Whether a request that got no response may be sent again, as Go's net/http and client-go decide: over a kept connection,
 * which the server may have closed because it was idle, when nothing of the request was sent or it only reads.
 */
function mayRepeat({ method }: ApiRequest, { onKeptConnection, wasSent }: Exchange): boolean {
  return onKeptConnection() && (method === "GET" || !wasSent());
}

/** A request on its way. */
interface Exchange {
  /** Rejects when the connection ends before a response begins. */
  readonly response: Promise<IncomingMessage>;
  /** Whether an earlier request used the connection. */
  onKeptConnection(): boolean;
  /** Whether a byte of the request may have left. */
  wasSent(): boolean;
}

function exchangeOver(agent: Agent, base: URL, request: ApiRequest, connectTimeoutMs: number): Exchange {
  const { promise: response, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = httpsRequest({
    agent,
    host: base.hostname.replace(/^\[|\]$/g, ""),
    port: base.port === "" ? 443 : base.port,
    method: request.method,
    path: base.pathname.replace(/\/$/, "") + request.path,
    headers: request.headers,
    signal: request.signal,
  });
  let sent = false;
  const write = () => {
    if (outgoing.destroyed) return;
    sent = true;
    outgoing.end(request.body);
  };
  const connecting = setTimeout(() => {
    outgoing.destroy(new Error(`Cannot connect to ${base.host} within ${connectTimeoutMs} ms`));
  }, connectTimeoutMs);
  outgoing.once("socket", (socket) => {
    // A connection kept from an earlier request says nothing more: a listener for each request would pile up.
    if (socket.connecting) socket.once("secureConnect", () => clearTimeout(connecting));
    else clearTimeout(connecting);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    if (outgoing.reusedSocket) afterPoll(write);
    else write();
  });
  outgoing.once("response", resolve);
  outgoing.on("error", reject);
  outgoing.once("close", () => clearTimeout(connecting));
  return { response, onKeptConnection: () => outgoing.reusedSocket, wasSent: () => sent };
}

/**
 * Calls back once the event loop has read what the kernel has: the end of a connection that the server closed while this
 * process was busy is seen then, and before the call. One turn may begin behind the reading, two cannot.
 */
function afterPoll(callback: () => void): void {
  setImmediate(() => setImmediate(callback));
}

function toResponse(message: IncomingMessage): ApiResponse {
  const headers = Object.entries(message.headers).map(([name, value]) => [name, String(value)] as const);
  return { status: message.statusCode ?? 0, headers: Object.fromEntries(headers), body: message };
}
