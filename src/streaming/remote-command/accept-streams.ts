import type { Duplex } from "node:stream";
import { createSpdyConnection, type SpdyConnection } from "../spdy/connection.ts";
import type { SpdyStream } from "../spdy/stream.ts";
import { type RemoteCommandOptions, type RemoteCommandStreams, streamTypes } from "./remote-command.ts";

/** How long a client may take to open all its streams: upstream's DefaultStreamCreationTimeout. */
const STREAM_CREATION_TIMEOUT_MS = 30_000;

/** The server's side over SPDY: waits until the client has opened every stream it asked for. */
export async function acceptRemoteCommand(
  socket: Duplex,
  head: Uint8Array,
  options: RemoteCommandOptions,
): Promise<{ readonly connection: SpdyConnection; readonly streams: RemoteCommandStreams }> {
  const wanted = new Set<string>(streamTypes(options));
  const streams = new Map<string, SpdyStream>();
  const { promise, resolve, reject } = Promise.withResolvers<RemoteCommandStreams>();
  const connection = createSpdyConnection({
    role: "server",
    socket,
    head,
    onStream(headers, accept) {
      const type = headers.get("streamtype") ?? "";
      if (!wanted.has(type) || streams.has(type)) return;
      streams.set(type, accept());
      const error = streams.get("error");
      if (streams.size < wanted.size || error === undefined) return;
      const [stdin, stdout, stderr, resize] = ["stdin", "stdout", "stderr", "resize"].map((name) => streams.get(name));
      resolve({ error, stdin, stdout, stderr, resize });
    },
  });
  const timer = setTimeout(
    () => reject(new Error("timed out waiting for client to create streams")),
    STREAM_CREATION_TIMEOUT_MS,
  );
  void connection.closed.then((cause) =>
    reject(new Error("the client closed before it had opened its streams", { cause })),
  );
  try {
    return { connection, streams: await promise };
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
