import { STATUS_CODES } from "node:http";
import type { Duplex, Writable } from "node:stream";
import type { Awaitable } from "@fairlead/api/resource-definition";
import type { ApiResponse } from "@fairlead/client/transport/transport";
import { chunkOf } from "./chunk-of.ts";
import { isReusing, isWhole } from "./response.ts";

/** What the answers of both HTTP versions can do. */
export interface OutgoingResponse extends Writable {
  writeHead(status: number, headers: Readonly<Record<string, string | readonly string[]>>): unknown;
  /** HTTP/2 sends its headers at once, and has no such method. */
  flushHeaders?(): void;
  /** Whether Node frames the body as chunks, which only HTTP/1.1 has. */
  chunkedEncoding?: boolean;
}

/**
 * Writes an answer as fast as the client takes it.
 *
 * @param headOnly - The request was a HEAD: no body follows.
 */
export function writeResponse(outgoing: OutgoingResponse, response: ApiResponse, headOnly: boolean): Awaitable<void> {
  const { status, headers, setCookies } = response;
  outgoing.writeHead(status, setCookies === undefined ? headers : { ...headers, "set-cookie": setCookies });
  if (headOnly) outgoing.end();
  else if (isWhole(response.body)) outgoing.end(response.body.bytes);
  else return writePieces(outgoing, response);
}

async function writePieces(outgoing: OutgoingResponse, response: ApiResponse): Promise<void> {
  // A watch without events has begun, too.
  if (response.headers["content-length"] === undefined) outgoing.flushHeaders?.();
  // What no other client is sent is copied only to be one chunk.
  const isShared = outgoing.chunkedEncoding === true && !isReusing(response.body);
  const isSent = isShared ? await writeChunks(outgoing, response) : await write(outgoing, response, (piece) => piece);
  if (isSent) outgoing.end();
}

/** Node would write each chunk in four parts, and join them again for each client. */
async function writeChunks(outgoing: OutgoingResponse, response: ApiResponse): Promise<boolean> {
  // For the whole body: chunks of Node's leave later than the writes behind them.
  outgoing.chunkedEncoding = false;
  const isSent = await write(outgoing, response, chunkOf);
  // The end of a response writes the last chunk.
  outgoing.chunkedEncoding = true;
  return isSent;
}

/** Resolves with whether the client has been sent all of the body. */
async function write(
  outgoing: OutgoingResponse,
  { body, cutOff }: ApiResponse,
  form: (piece: Uint8Array) => Uint8Array,
): Promise<boolean> {
  const giveBack = isReusing(body) ? body.giveBack : undefined;
  for await (const piece of body) {
    if (outgoing.destroyed || outgoing.closed) return false;
    if (piece.byteLength === 0) continue;
    const sent = giveBack && (() => giveBack(piece));
    if (!outgoing.write(form(piece), sent)) await drained(outgoing, cutOff);
  }
  return true;
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
