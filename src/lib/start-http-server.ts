import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { Running } from "./running.ts";
import { running } from "./running.ts";

export interface HttpAddress {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/**
 * Starts a plain HTTP server; stopping it also ends open connections.
 *
 * Rejects when the address is taken, or is not this machine's.
 */
export async function startHttpServer(
  listener: RequestListener,
  { host, port }: HttpAddress,
): Promise<Running & { readonly port: number }> {
  const server = createServer(listener);
  server.listen({ host, port });
  await once(server, "listening");
  const address = server.address();
  return {
    ...running(async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    }),
    port: typeof address === "object" && address !== null ? address.port : port,
  };
}
