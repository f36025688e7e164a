import type { Duplex, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import type { SpdyConnection } from "../spdy/connection.ts";
import type { ChannelConnection } from "../websocket/channel-connection.ts";
import { remoteCommandChannel as channel } from "../websocket/channel-protocol.ts";
import { encodeExitStatus, plainFailure } from "./exit-status.ts";
import { openRemoteCommand } from "./open-streams.ts";
import type { RemoteCommandOptions, RemoteCommandStreams } from "./remote-command.ts";

/**
 * Connects a WebSocket client's exec or attach with a server that speaks SPDY (the container runtime).
 *
 * Resolves when it is over; errors go to the client on its error channel.
 */
export async function bridgeRemoteCommand(
  client: ChannelConnection,
  server: SpdyConnection,
  options: RemoteCommandOptions,
): Promise<void> {
  const clientGone = client.closed.then(() => server.close());
  try {
    await serve(client, await openRemoteCommand(server, options));
    client.close(1000);
  } catch (error) {
    client.start();
    await fail(client, error instanceof Error ? error.message : String(error));
  } finally {
    server.close();
  }
  await clientGone;
}

async function serve(client: ChannelConnection, streams: RemoteCommandStreams): Promise<void> {
  if (streams.stdin !== undefined) client.input(channel.stdin, streams.stdin);
  if (streams.resize !== undefined) client.input(channel.resize, streams.resize);
  client.start();
  // An empty message on the first channel that can be written announces to the client that the command is about to run.
  const first =
    streams.stdout !== undefined ? channel.stdout : streams.stderr !== undefined ? channel.stderr : channel.error;
  const greeted = client.output(first);
  await new Promise((done) => greeted.write(Buffer.alloc(0), done));

  const [status] = await Promise.all([
    text(streams.error),
    relay(client, channel.stdout, streams.stdout),
    relay(client, channel.stderr, streams.stderr),
  ]);
  if (status === "") throw new Error("the connection to the container runtime ended before the command did");
  await say(client, client.protocol.statusJson ? status : plainFailure(status));
}

async function relay(client: ChannelConnection, number: number, from: Duplex | undefined): Promise<void> {
  if (from === undefined) return;
  const source: Readable = from;
  // When the client has gone, the connection to the server is closed, and `source` ends.
  await finished(source.pipe(client.output(number))).catch(() => source.resume());
}

async function fail(client: ChannelConnection, message: string): Promise<void> {
  const status = encodeExitStatus({ type: "failed", message });
  await say(client, client.protocol.statusJson ? status : plainFailure(status));
  client.close(1000);
}

function say(client: ChannelConnection, status: string): Promise<void> {
  if (status === "") return Promise.resolve();
  const errors = client.output(channel.error);
  return finished(errors.end(status)).catch(() => {});
}
