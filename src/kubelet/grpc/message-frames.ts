import { GrpcError } from "./grpc-error.ts";

/** A flag, whether the message is compressed, and the message's length in four bytes. */
const PREFIX_BYTES = 5;

/** Most bytes of a message, unless a program says otherwise: gRPC's figure. */
export const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

/** Writes one message, not compressed, with its prefix. */
export function messageFrame(message: Buffer): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/**
 * Reads the messages of a stream of bytes.
 *
 * @param bytesMax - Most bytes of one message.
 * @returns how many bytes of a message that is not whole are left at the end.
 * @throws {GrpcError} `Internal` for a compressed message, which was not asked for;
 * `ResourceExhausted` for a message that is too large.
 */
export async function* messagesOf(chunks: AsyncIterable<Buffer>, bytesMax: number): AsyncGenerator<Buffer, number> {
  let parts: Buffer[] = [];
  let length = 0;
  let wanted = PREFIX_BYTES;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    // Joined only when a whole message is there: a large one comes in many parts.
    if (length < wanted) continue;
    let bytes = Buffer.concat(parts);
    while (bytes.length >= PREFIX_BYTES) {
      if (bytes[0] !== 0) throw new GrpcError("Internal", "the server sent a compressed message");
      const size = bytes.readUInt32BE(1);
      if (size > bytesMax)
        throw new GrpcError("ResourceExhausted", `received message larger than max (${size} vs. ${bytesMax})`);
      wanted = PREFIX_BYTES + size;
      if (bytes.length < wanted) break;
      yield bytes.subarray(PREFIX_BYTES, wanted);
      bytes = bytes.subarray(wanted);
      wanted = PREFIX_BYTES;
    }
    parts = [bytes];
    length = bytes.length;
  }
  return length;
}
