import type { Readable } from "node:stream";
import type { Awaitable } from "@fairlead/api/resource-definition";
import { proxyPath } from "../subresources/proxy/proxy-path.ts";
import { BODY_MAX_BYTES, bodyTooLarge } from "./body.ts";

/**
 * All bytes of a request, or `undefined` when there are none, or when it only reads
 * what the API serves itself. Rejects when the client leaves before.
 *
 * @throws {StatusError} `RequestEntityTooLarge`, as soon as that is known.
 */
export function readBody(
  incoming: Readable & {
    readonly method?: string | undefined;
    readonly url?: string | undefined;
    readonly headers: { readonly "content-length"?: string | undefined };
  },
): Awaitable<Uint8Array | undefined> {
  const { method } = incoming;
  const isRead = method === "GET" || method === "HEAD";
  // The API gives the body of these no meaning, and Node discards it. A backend of a proxy may read it.
  if (isRead && proxyPath(incoming.url ?? "").prefix === "") return undefined;
  if (Number(incoming.headers["content-length"] ?? 0) > BODY_MAX_BYTES) throw bodyTooLarge();
  return allBytes(incoming);
}

/** Reads with listeners: an iterator over the stream makes promises and listeners of its own, which cost more than a small body. */
function allBytes(incoming: Readable): Promise<Uint8Array | undefined> {
  const left = () => new Error("The client left before its request was whole");
  if (incoming.destroyed) throw left();
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let byteLength = 0;
    const take = (part: Buffer) => {
      byteLength += part.byteLength;
      parts.push(part);
      if (byteLength <= BODY_MAX_BYTES) return;
      // The refusal of a body is an answer too: the connection has to outlive it.
      incoming.off("data", take);
      incoming.pause();
      reject(bodyTooLarge());
    };
    incoming.on("data", take);
    incoming.on("end", () => resolve(parts.length > 1 ? Buffer.concat(parts) : parts[0]));
    incoming.on("error", reject);
    incoming.on("close", () => {
      // Comes before the end where a client of HTTP/2 has left: its stream then ends as if the request were whole.
      if (!incoming.readableEnded) reject(left());
    });
  });
}
