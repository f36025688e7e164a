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
  await Promise.all(ports.map((port, index) => forward({ client, server, port, index }).catch(() => {})));
  client.close(1000);
  server.close();
  await clientGone;
}

interface Forwarded {
  readonly client: ChannelConnection;
  readonly server: SpdyConnection;
  readonly port: number;
  readonly index: number;
}

async function forward({ client, server, port, index }: Forwarded): Promise<void> {
  const [data, errors] = [client.output(2 * index), client.output(2 * index + 1)];
  const announcement = Buffer.from([port & 0xff, port >> 8]);
  data.write(announcement);
  errors.write(announcement);

  const open = (streamType: string): Promise<Duplex> =>
    server.createStream(
      new Map([
        ["streamtype", streamType],
        ["port", String(port)],
        ["requestid", String(index)],
      ]),
    );
  // The server takes the two streams as a pair; the error stream has to come first.
  const failure = await open("error");
  failure.end();
  const stream = await open("data");
  client.input(2 * index, stream);
  stream.pipe(data);
  const message = await text(failure);
  if (message === "") await finished(stream, { writable: false });
  else await finished(errors.end(message));
}
