import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import type { SpdyConnection } from "../spdy/connection.ts";
import type { ChannelConnection } from "../websocket/channel-connection.ts";

/**
 * Connects a WebSocket client that forwards ports over channels (the older protocol, which the Python and JavaScript
 * clients speak) with a server that speaks SPDY.
 *
 * The i-th port has channel 2i for its bytes and 2i + 1 for the text of a failure; each begins with the port's number,
 * 16 bits, least significant byte first. One connection per port, made at once. Resolves when it is over.
 */
export async function bridgePortForward(
  client: ChannelConnection,
  server: SpdyConnection,
  ports: readonly number[],
): Promise<void> {
  const clientGone = client.closed.then(() => server.close());
  try {
    const forwards = await Promise.all(ports.map((port, index) => open({ client, server, port, index })));
    client.start();
    // A forward that breaks ends like one that was closed: its error channel has had the error.
    await Promise.all(forwards.map((forward) => forward().catch(() => {})));
    client.close(1000);
  } catch {
    client.start();
    client.close(1011, "the container runtime refused the streams");
  } finally {
    server.close();
  }
  await clientGone;
}

interface Forwarded {
  readonly client: ChannelConnection;
  readonly server: SpdyConnection;
  readonly port: number;
  readonly index: number;
}

/** Opens the streams of one port. What it answers serves them to their end. */
async function open({ client, server, port, index }: Forwarded): Promise<() => Promise<void>> {
  const stream = (streamType: string): Promise<Duplex> =>
    server.createStream(
      new Map([
        ["streamtype", streamType],
        ["port", String(port)],
        ["requestid", String(index)],
      ]),
    );
  // The server takes the two streams as a pair; the error stream has to come first.
  const failure = await stream("error");
  failure.end();
  const connection = await stream("data");
  client.input(2 * index, connection);

  return async () => {
    const [data, errors] = [client.output(2 * index), client.output(2 * index + 1)];
    const announcement = Buffer.from([port & 0xff, port >> 8]);
    data.write(announcement);
    errors.write(announcement);
    connection.pipe(data);
    const message = await text(failure);
    if (message === "") await finished(connection, { writable: false });
    else await finished(errors.end(message));
  };
}
