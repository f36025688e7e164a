import type { Duplex } from "node:stream";
import { createSpdyConnection, type SpdyConnection } from "../spdy/connection.ts";
import type { SpdyStream } from "../spdy/stream.ts";

/** One forwarded connection: its bytes, and the text of a failure. */
export interface PortStreams {
  readonly port: number;
  readonly data: Duplex;
  readonly error: Duplex;
}

/** How long the second stream of a pair may take. */
const PAIR_TIMEOUT_MS = 30_000;

/** The server's side of port forwarding over SPDY: reports each pair of streams that a client has opened. */
export function acceptPortForward(
  socket: Duplex,
  head: Uint8Array,
  onPair: (streams: PortStreams) => void,
): SpdyConnection {
  const waiting = new Map<string, { readonly stream: SpdyStream; readonly timer: NodeJS.Timeout }>();
  const connection = createSpdyConnection({
    role: "server",
    socket,
    head,
    onStream(headers, accept) {
      const type = headers.get("streamtype");
      const port = Number(headers.get("port"));
      if ((type !== "error" && type !== "data") || !Number.isInteger(port) || port < 1 || port > 65_535) return;
      const id = headers.get("requestid") ?? String(port);
      const stream = accept();
      const first = waiting.get(id);
      if (first === undefined) {
        waiting.set(id, { stream, timer: setTimeout(() => forget(id), PAIR_TIMEOUT_MS) });
        return;
      }
      waiting.delete(id);
      clearTimeout(first.timer);
      const [data, error] = type === "data" ? [stream, first.stream] : [first.stream, stream];
      onPair({ port, data, error });
    },
  });
  void connection.closed.then(() => [...waiting.keys()].forEach(forget));
  return connection;

  function forget(id: string): void {
    const lonely = waiting.get(id);
    waiting.delete(id);
    clearTimeout(lonely?.timer);
    lonely?.stream.destroy();
  }
}
