import type { Readable } from "node:stream";
import { proxyPath } from "../subresources/proxy/proxy-path.ts";
import { BODY_MAX_BYTES, bodyTooLarge } from "./body.ts";

/**
 * All bytes of a request, or `undefined` when there are none, or when it only reads
 * what the API serves itself.
 *
 * @throws {StatusError} `RequestEntityTooLarge`, as soon as that is known.
 */
export async function readBody(
  incoming: Readable & {
    readonly method?: string | undefined;
    readonly url?: string | undefined;
    readonly headers: { readonly "content-length"?: string | undefined };
  },
): Promise<Uint8Array | undefined> {
  const { method } = incoming;
  const isRead = method === "GET" || method === "HEAD";
  // The API gives the body of these no meaning, and Node discards it. A backend of a proxy may read it.
  if (isRead && proxyPath(incoming.url ?? "").prefix === "") return undefined;
  if (Number(incoming.headers["content-length"] ?? 0) > BODY_MAX_BYTES) throw bodyTooLarge();
  const parts: Buffer[] = [];
  let byteLength = 0;
  // The refusal of a body is an answer too: the connection has to outlive it.
  for await (const part of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    byteLength += part.byteLength;
    if (byteLength > BODY_MAX_BYTES) throw bodyTooLarge();
    parts.push(part);
  }
  return byteLength === 0 ? undefined : parts.length === 1 ? parts[0] : Buffer.concat(parts);
}
