/**
 * A program that listens with the TLS options of the first message, answers with its port, and each further message with the
 * bytes of memory that it has after a collection. It ends every connection at once.
 */
import type { AddressInfo } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import { ownMemory } from "../src/lib/idle-collection.ts";

process.once("message", (options: TlsOptions) => {
  const server = createServer(options, (socket) => socket.on("error", () => {}).end());
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
  process.on("message", () => {
    ownMemory.collect();
    process.send?.(process.memoryUsage().rss);
  });
});
