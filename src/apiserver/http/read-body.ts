import type { Readable } from "node:stream";
import { BODY_MAX_BYTES, bodyTooLarge } from "./body.ts";

/**
 * All bytes of a request, or `undefined` when there are none.
 *
 * @throws {StatusError} `RequestEntityTooLarge`, as soon as that is known.
 */
export async function readBody(
  incoming: Readable & { readonly headers: { readonly "content-length"?: string | undefined } },
): Promise<Uint8Array | undefined> {
  if (Number(incoming.headers["content-length"] ?? 0) > BODY_MAX_BYTES) throw bodyTooLarge();
  const parts: Buffer[] = [];
  let byteLength = 0;
  // Without a listener per chunk a request without a body would cost a turn of the event loop.
  for await (const part of incoming as AsyncIterable<Buffer>) {
    byteLength += part.byteLength;
    if (byteLength > BODY_MAX_BYTES) throw bodyTooLarge();
    parts.push(part);
  }
  return byteLength === 0 ? undefined : parts.length === 1 ? parts[0] : Buffer.concat(parts);
}
