import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import tls from "node:tls";
import { createCertificateAuthority } from "@fairlead/cluster/pki/certificate-authority";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { clientCertificateAuthenticator } from "../authn/client-certificate-authenticator.ts";
import { listen } from "../http/listen.ts";
import type { ApiServerOptions } from "../server.ts";
import type { TestApiServer } from "./start-test-server.testing.ts";
import { startTestApiServer } from "./start-test-server.testing.ts";

/** A test server behind a socket on loopback. */
export interface ServedOverTls {
  readonly api: TestApiServer;
  readonly port: number;
  /** Credentials of a client that is known as `jane`. */
  readonly jane: { readonly cert: string; readonly key: string; readonly ca: string };
  /** Writes bytes on a new connection and resolves with every byte that comes back until it closes. */
  sendRaw(bytes: string): Promise<string>;
}

/** Starts a test API server on a free port of 127.0.0.1. It stops with the test. */
export async function serveOverTls(t: TestContext, options: Partial<ApiServerOptions> = {}): Promise<ServedOverTls> {
  const now = new Date();
  const ca = await createCertificateAuthority("test-ca", now);
  const serving = await ca.issue({ commonName: "server", usage: "server", addresses: ["127.0.0.1"] }, now);
  const client = await ca.issue({ commonName: "jane", usage: "client" }, now);
  const api = await startTestApiServer({ authenticators: [clientCertificateAuthenticator(systemClock)], ...options });
  const listening = await listen({
    server: api.server,
    tls: { cert: serving.certificate, key: serving.key, clientCa: ca.certificate },
    address: { host: "127.0.0.1" },
    log: silentLogger,
  });
  t.after(async () => {
    await api.stop();
    await listening.stop();
  });
  const { port } = listening;
  if (port === undefined) throw new Error("the server listens on no port");
  const jane = { cert: client.certificate, key: client.key, ca: ca.certificate };
  return {
    api,
    port,
    jane,
    async sendRaw(bytes) {
      const socket = tls.connect({ host: "127.0.0.1", port, ALPNProtocols: ["http/1.1"], ...jane });
      await once(socket, "secureConnect");
      socket.on("error", () => {});
      socket.write(bytes, "latin1");
      return text(socket);
    },
  };
}
