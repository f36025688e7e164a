import type { SpdyConnection } from "../spdy/connection.ts";
import {
  type RemoteCommandOptions,
  type RemoteCommandStreams,
  type StreamType,
  streamTypes,
} from "./remote-command.ts";

/** The client's side over SPDY: opens the streams of a command. The other end starts it when all are open. */
export async function openRemoteCommand(
  connection: SpdyConnection,
  options: RemoteCommandOptions,
): Promise<RemoteCommandStreams> {
  const opened = await Promise.all(
    streamTypes(options).map(async (type) => {
      return [type, await connection.createStream(new Map([["streamtype", type]]))] as const;
    }),
  );
  const streams = new Map(opened);
  const required = (type: StreamType) => {
    const stream = streams.get(type);
    if (stream === undefined) throw new Error(`Cannot run a command without its ${type} stream`);
    return stream;
  };
  return {
    error: required("error"),
    stdin: streams.get("stdin"),
    stdout: streams.get("stdout"),
    stderr: streams.get("stderr"),
    resize: streams.get("resize"),
  };
}
