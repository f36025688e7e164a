import type { Duplex } from "node:stream";

/** Which streams a command has. */
export interface RemoteCommandOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  /** Never together with `tty`: a terminal has one output. */
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** The streams of one exec or attach. Those not asked for are undefined. */
export interface RemoteCommandStreams {
  /** Carries the `Status` at the end. */
  readonly error: Duplex;
  readonly stdin: Duplex | undefined;
  readonly stdout: Duplex | undefined;
  readonly stderr: Duplex | undefined;
  /** JSON after JSON: `{"Width":80,"Height":24}`. */
  readonly resize: Duplex | undefined;
}

/** Names in the `streamType` header. */
export type StreamType = keyof RemoteCommandStreams;

/** Subprotocols over SPDY, newest first. v5 is WebSocket's own. */
export const spdyProtocols = ["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"] as const;

/** The streams a command has, in the order clients open them. The error stream is always there. */
export function streamTypes({ stdin, stdout, stderr, tty }: RemoteCommandOptions): readonly StreamType[] {
  const wanted: readonly (readonly [StreamType, boolean])[] = [
    ["error", true],
    ["stdin", stdin],
    ["stdout", stdout],
    ["stderr", stderr && !tty],
    ["resize", tty],
  ];
  return wanted.flatMap(([type, asked]) => (asked ? [type] : []));
}

/**
 * Reads the options from a request to a kubelet or runtime: `input=1&output=1&error=1&tty=1`.
 *
 * @returns undefined when no stream is asked for, which upstream refuses.
 */
export function remoteCommandOptions(query: URLSearchParams): RemoteCommandOptions | undefined {
  const tty = query.get("tty") === "1";
  const stdin = query.get("input") === "1";
  const stdout = query.get("output") === "1";
  const stderr = query.get("error") === "1" && !tty;
  return stdin || stdout || stderr ? { stdin, stdout, stderr, tty } : undefined;
}

/** Refusal for a request that asks for no stream, in upstream's words. */
export const NO_STREAM_ASKED = "you must specify at least 1 of stdin, stdout, stderr";
