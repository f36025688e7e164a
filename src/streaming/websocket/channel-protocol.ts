/** How messages carry several streams over one WebSocket: each begins with the number of its channel. */
export interface ChannelProtocol {
  /** The subprotocol; empty when the client asked for none. */
  readonly name: string;
  /** Messages are text: a digit, then base64. Otherwise they are binary: a byte, then the data. */
  readonly base64: boolean;
  /** The client can close a channel: byte 255, then its number. */
  readonly closeSignal: boolean;
  /** The error channel carries a `Status` as JSON, success included. Otherwise only the text of a failure. */
  readonly statusJson: boolean;
}

/** Remote command's channels. */
export const remoteCommandChannel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;

const CLOSE_SIGNAL = 255;
const DIGIT_ZERO = 0x30;

const protocols: readonly ChannelProtocol[] = [
  { name: "v5.channel.k8s.io", base64: false, closeSignal: true, statusJson: true },
  { name: "v4.channel.k8s.io", base64: false, closeSignal: false, statusJson: true },
  { name: "v4.base64.channel.k8s.io", base64: true, closeSignal: false, statusJson: true },
  { name: "channel.k8s.io", base64: false, closeSignal: false, statusJson: false },
  { name: "base64.channel.k8s.io", base64: true, closeSignal: false, statusJson: false },
];

const withoutName: ChannelProtocol = { name: "", base64: false, closeSignal: false, statusJson: false };

/** The first of the client's subprotocols that is known; without any, the oldest one. Undefined: none is known. */
export function channelProtocol(offered: readonly string[]): ChannelProtocol | undefined {
  if (offered.length === 0) return withoutName;
  return offered.flatMap((name) => protocols.filter((p) => p.name === name))[0];
}

/** What a message from the client means. `ignored`: an empty one, as some clients send to keep the connection open. */
export type ChannelMessage =
  | { readonly type: "data"; readonly channel: number; readonly data: Buffer }
  | { readonly type: "close"; readonly channel: number }
  | { readonly type: "ignored" };

export function decodeMessage(protocol: ChannelProtocol, message: Buffer): ChannelMessage {
  const first = message[0];
  if (first === undefined) return { type: "ignored" };
  const rest = message.subarray(1);
  if (protocol.base64) {
    return { type: "data", channel: first - DIGIT_ZERO, data: Buffer.from(rest.toString("latin1"), "base64") };
  }
  if (protocol.closeSignal && first === CLOSE_SIGNAL) {
    const channel = rest[0];
    return channel === undefined ? { type: "ignored" } : { type: "close", channel };
  }
  return { type: "data", channel: first, data: rest };
}

/** A string goes out as a text message, bytes as a binary one. */
export function encodeMessage(protocol: ChannelProtocol, channel: number, data: Uint8Array): string | Buffer {
  if (protocol.base64) return String.fromCharCode(DIGIT_ZERO + channel) + Buffer.from(data).toString("base64");
  return Buffer.concat([Uint8Array.of(channel), data]);
}
