import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** An HTTP/1.1 request that asks to go on in another protocol. */
export interface UpgradeRequest {
  /** Where to connect; with `socket`, only what the Host header says. */
  readonly host: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  /** Several values of one header are sent as several lines. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** An open connection to use, for TLS. Default: a new TCP connection. */
  readonly socket?: Duplex;
  /** How long to wait for the answer. Default 30,000. */
  readonly timeoutMs?: number;
}

export type UpgradeAnswer =
  | { readonly upgraded: true; readonly headers: RawHeaders; readonly socket: Duplex; readonly head: Buffer }
  | { readonly upgraded: false; readonly status: number; readonly headers: RawHeaders; readonly body: Buffer };

/** Names and values as they came, in order. */
export type RawHeaders = readonly (readonly [name: string, value: string])[];

/** Most of a refusal's text that is read. */
const REFUSAL_MAX_BYTES = 65_536;

/** Asks for an upgrade. A refusal is an answer; rejects when the peer cannot be reached or does not speak HTTP. */
export function requestUpgrade(request: UpgradeRequest): Promise<UpgradeAnswer> {
  const { host, port, method, path, headers, socket, timeoutMs = 30_000 } = request;
  const { promise, resolve, reject } = Promise.withResolvers<UpgradeAnswer>();
  const outgoing = httpRequest({
    host,
    port,
    method,
    path,
    headers: Object.fromEntries(Object.entries(headers).map(([n, v]) => [n, typeof v === "string" ? v : [...v]])),
    timeout: timeoutMs,
    // Node takes the connection only when no agent is named. It only reads and writes: any duplex will do.
    ...(socket === undefined ? { agent: false } : { createConnection: () => socket as Socket }),
  });
  outgoing.once("upgrade", (message, upgraded, head) => {
    upgraded.setTimeout?.(0);
    upgraded.removeAllListeners("timeout");
    resolve({ upgraded: true, headers: pairs(message), socket: upgraded, head });
  });
  outgoing.once("response", (message) => {
    void refusal(message).then(resolve, reject);
  });
  outgoing.once("timeout", () => outgoing.destroy(new Error(`no answer from ${host}:${port} within ${timeoutMs} ms`)));
  outgoing.once("error", reject);
  outgoing.end();
  return promise;
}

async function refusal(message: IncomingMessage): Promise<UpgradeAnswer> {
  const pieces: Buffer[] = [];
  let readBytes = 0;
  for await (const piece of message) {
    pieces.push(piece);
    readBytes += piece.length;
    if (readBytes > REFUSAL_MAX_BYTES) break;
  }
  const body = Buffer.concat(pieces).subarray(0, REFUSAL_MAX_BYTES);
  return { upgraded: false, status: message.statusCode ?? 502, headers: pairs(message), body };
}

function pairs(message: IncomingMessage): RawHeaders {
  const raw = message.rawHeaders;
  return raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? ""] as const] : []));
}
