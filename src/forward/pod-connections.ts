import { isIP } from "node:net";
import { text } from "node:stream/consumers";
import { type TLSSocket, connect as tlsConnect } from "node:tls";
import { responseError } from "@fairlead/client/rest/response-error";
import { ConnectionError } from "@fairlead/client/transport/connection-error";
import type { HttpsTransportOptions } from "@fairlead/client/transport/https-transport";
import { PORT_FORWARD_PROTOCOL } from "@fairlead/streaming/port-forward/port-forward";
import { createSpdyConnection } from "@fairlead/streaming/spdy/connection";
import type { SpdyStream } from "@fairlead/streaming/spdy/stream";
import { requestUpgrade } from "@fairlead/streaming/upgrade/request-upgrade";
import type { Backend } from "./backends.ts";

/** One connection to a port of a pod. */
export interface PodConnection {
  /** Its bytes. Ending it half-closes; the pod's end is `end`, a connection that broke has `cutOff` set then. */
  readonly data: SpdyStream;
  /** What the node says went wrong; empty when nothing did. Never rejects. */
  readonly failure: Promise<string>;
  /** Ends it and all that carries it. */
  close(): void;
}

/**
 * Opens a connection to a port of a pod through the API server (`pods/portforward`, SPDY/3.1).
 *
 * Each has a session of its own: in a shared one, a client that does not read would hold up all others, because its
 * flow control is that of the one socket below.
 *
 * @throws {StatusError} when the API server or the node refuses, {@link ConnectionError} when there is no reaching it.
 */
export async function openPodConnection(
  server: HttpsTransportOptions,
  { namespace, pod, port }: Backend,
): Promise<PodConnection> {
  const base = new URL(server.server);
  const prefix = base.pathname.replace(/\/$/, "");
  const token = typeof server.token === "function" ? await server.token() : server.token;
  const socket = await connectTo(base, server);
  try {
    const answer = await requestUpgrade({
      socket,
      host: base.hostname,
      port: portOf(base),
      method: "POST",
      path: `${prefix}/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/portforward`,
      headers: {
        Connection: "Upgrade",
        Upgrade: "SPDY/3.1",
        "X-Stream-Protocol-Version": PORT_FORWARD_PROTOCOL,
        "User-Agent": server.userAgent ?? "fairlead",
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
    }).catch((cause) => {
      throw new ConnectionError(`Cannot reach the API server at ${base.origin}`, { cause });
    });
    if (!answer.upgraded) throw responseError(answer.status, answer.body.toString());
    return await openStreams(answer, port);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function openStreams(
  upgraded: { readonly socket: Parameters<typeof createSpdyConnection>[0]["socket"]; readonly head: Buffer },
  port: number,
): Promise<PodConnection> {
  const connection = createSpdyConnection({ role: "client", ...upgraded });
  const stream = (streamType: string) =>
    connection.createStream(
      new Map([
        ["streamtype", streamType],
        ["port", String(port)],
        ["requestid", "0"],
      ]),
    );
  try {
    // The node takes the two as a pair; the one for errors has to come first, and only the node writes to it.
    const [error, data] = await Promise.all([stream("error"), stream("data")]);
    error.end();
    return { data, failure: text(error).catch(() => ""), close: () => connection.close() };
  } catch (cause) {
    connection.close();
    throw new ConnectionError("The API server ended the connection", { cause });
  }
}

function connectTo(base: URL, options: HttpsTransportOptions): Promise<TLSSocket> {
  const { ca, clientCertificate: cert, clientKey: key, serverName, connectTimeoutMs = 10_000 } = options;
  const host = base.hostname.replace(/^\[|\]$/g, "");
  const name = serverName ?? (isIP(host) === 0 ? host : undefined);
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({
      host,
      port: portOf(base),
      ALPNProtocols: ["http/1.1"],
      ...(name !== undefined && { servername: name }),
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      rejectUnauthorized: options.insecure !== true,
    });
    const fail = (cause: Error) => {
      socket.destroy();
      reject(new ConnectionError(`Cannot reach the API server at ${base.origin}`, { cause }));
    };
    socket.once("error", fail);
    socket.setTimeout(connectTimeoutMs, () => fail(new Error(`no answer within ${connectTimeoutMs} ms`)));
    socket.once("secureConnect", () => {
      socket.setTimeout(0);
      socket.removeListener("error", fail);
      resolve(socket);
    });
  });
}

function portOf(base: URL): number {
  return base.port === "" ? 443 : Number(base.port);
}
