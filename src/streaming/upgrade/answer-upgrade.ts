import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { RawHeaders } from "./request-upgrade.ts";

/** Grants an upgrade: from here on the socket speaks the other protocol. */
export function grantUpgrade(socket: Duplex, headers: RawHeaders): void {
  socket.write(head(101, headers));
}

/** Refuses an upgrade and closes the connection. */
export function refuseUpgrade(socket: Duplex, status: number, contentType: string, body: string | Buffer): void {
  const bytes = Buffer.from(body);
  const headers: RawHeaders = [
    ["Content-Type", contentType],
    ["Content-Length", String(bytes.length)],
    ["Connection", "close"],
  ];
  // The client may have disconnected: the answer is then dropped.
  socket.on("error", () => {});
  socket.end(Buffer.concat([Buffer.from(head(status, headers)), bytes]));
}

function head(status: number, headers: RawHeaders): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n`;
}
