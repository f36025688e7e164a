import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { isResponseTo } from "./is-response-to.ts";
import { type Upstream, upstreamPort } from "./upstream.ts";

/** Connections over TCP or TLS to one upstream, kept for further questions. One question at a time is on each. */
export interface StreamConnections {
  /** Rejects when no answer came until `signal` is aborted, or when the upstream refuses, fails or answers something else. */
  exchange(query: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
  /** Ends the connections that wait for questions. */
  close(): void;
}

export interface StreamConnectionsOptions {
  /** Time for which a connection without questions is kept, in milliseconds. */
  readonly expireMs: number;
  /** Most connections that are kept without questions. 0: any number. */
  readonly idleMax: number;
  /** Certificates of the authorities that are trusted, as PEM. Default: those of Node. */
  readonly trusted?: string | undefined;
}

export function createStreamConnections(
  upstream: Upstream,
  { expireMs, idleMax, trusted }: StreamConnectionsOptions,
): StreamConnections {
  const idle = new Set<Socket>();
  let isClosed = false;

  /** The connection used last, so that the others expire. */
  function takeIdle(): Socket | undefined {
    const socket = [...idle].at(-1);
    if (socket === undefined) return undefined;
    idle.delete(socket);
    socket.removeAllListeners();
    socket.setTimeout(0);
    socket.ref();
    return socket;
  }

  function keep(socket: Socket): void {
    if (isClosed || (idleMax > 0 && idle.size >= idleMax)) {
      socket.destroy();
      return;
    }
    const drop = () => {
      idle.delete(socket);
      socket.destroy();
    };
    socket.removeAllListeners();
    // An idle connection has nothing to say: data, an end or an error make it useless.
    for (const event of ["data", "end", "close", "error"]) socket.on(event, drop);
    socket.setTimeout(expireMs, drop);
    // It keeps no process alive.
    socket.unref();
    idle.add(socket);
  }

  async function exchangeOn(socket: Socket, query: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    try {
      const response = await exchangeStream(socket, query, signal);
      keep(socket);
      return response;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  return {
    async exchange(query, signal) {
      for (let known = takeIdle(); known !== undefined; known = takeIdle()) {
        try {
          return await exchangeOn(known, query, signal);
        } catch (error) {
          // The upstream may have closed it in the meantime; a new connection decides.
          if (signal.aborted) throw error;
        }
      }
      return await exchangeOn(open(upstream, trusted), query, signal);
    },
    close() {
      isClosed = true;
      for (const socket of idle) socket.destroy();
    },
  };
}

function open(upstream: Upstream, trusted: string | undefined): Socket {
  const { address: host, transport, tlsServerName } = upstream;
  const port = upstreamPort(upstream);
  if (transport !== "tls") return connect({ host, port });
  return connectTls({
    host,
    port,
    minVersion: "TLSv1.2",
    ALPNProtocols: ["dot"],
    ...(tlsServerName !== undefined && { servername: tlsServerName }),
    ...(trusted !== undefined && { ca: trusted }),
  });
}

/** Each message has its length before it (RFC 1035 §4.2.2). */
function exchangeStream(socket: Socket, query: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise<Uint8Array>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    let received = Buffer.alloc(0);
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("The upstream closed the connection without an answer")));
    socket.on("data", (data: Buffer) => {
      received = Buffer.concat([received, data]);
      if (received.length < 2 || received.length < received.readUInt16BE(0) + 2) return;
      const response = new Uint8Array(received.subarray(2, received.readUInt16BE(0) + 2));
      if (isResponseTo(query, response)) resolve(response);
      else reject(new Error("The upstream answered something else"));
    });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.length);
    socket.write(Buffer.concat([length, query]));
    if (signal.aborted) onAbort();
  });
}
