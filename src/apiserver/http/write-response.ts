import { STATUS_CODES } from "node:http";
import type { Duplex, Writable } from "node:stream";
import type { ApiResponse } from "@fairlead/client/transport/transport";

/** What the answers of both HTTP versions can do. */
export interface OutgoingResponse extends Writable {
  writeHead(status: number, headers: Readonly<Record<string, string | readonly string[]>>): unknown;
  /** HTTP/2 sends its headers at once, and has no such method. */
  flushHeaders?(): void;
}

/**
 * Writes an answer as fast as the client takes it.
 *
 * @param headOnly - The request was a HEAD: no body follows.
 */
export async function writeResponse(
  outgoing: OutgoingResponse,
  response: ApiResponse,
  headOnly: boolean,
): Promise<void> {
  const { status, headers, setCookies } = response;
  outgoing.writeHead(status, setCookies === undefined ? headers : { ...headers, "set-cookie": setCookies });
  if (!headOnly) {
    // A watch without events has begun, too.
    if (response.headers["content-length"] === undefined) outgoing.flushHeaders?.();
    for await (const chunk of response.body) {
      if (outgoing.destroyed || outgoing.closed) return;
      if (!outgoing.write(chunk)) await drained(outgoing, response.cutOff);
    }
  }
  outgoing.end();
}

/** Resolves when more may be written, or nothing any more: a client that is cut off loses the connection. */
function drained(outgoing: OutgoingResponse, cutOff: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off("drain", done);
      outgoing.off("close", done);
      outgoing.off("error", done);
      cutOff?.removeEventListener("abort", end);
      resolve();
    };
    const end = () => {
      outgoing.destroy();
      done();
    };
    outgoing.on("drain", done);
    outgoing.on("close", done);
    outgoing.on("error", done);
    cutOff?.addEventListener("abort", end);
    if (outgoing.destroyed || cutOff?.aborted === true) end();
  });
}

/** Writes an answer where there is no HTTP server any more, and ends the connection. */
export async function writeRaw(socket: Duplex, response: ApiResponse): Promise<void> {
  const lines = [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}`,
    ...Object.entries({ ...response.headers, connection: "close" }).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  for await (const chunk of response.body) socket.write(chunk);
  socket.end();
}
