import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { test } from "node:test";
import { connect } from "node:tls";
import { makeTestCertificates } from "../src/client/transport/certificates.testing.ts";

const CONNECTIONS = 100;
/** Of each authority's certificate that is sent: less than OpenSSL takes, more than a connection's buffers. */
const BALLAST_BYTES = 64 * 1024;
const MIB = 1024 * 1024;

// Node.js 24.21.0 never frees one certificate of each chain that a client sends. Fairlead's own clients send their authority's
// after their own, as OpenSSL does where it knows both: the API server and the kubelet grew by 4 KiB with each connection.
test("the installed Node.js frees the certificates of connections that have ended", async () => {
  const { ca, server, client } = await makeTestCertificates({ ballastBytes: BALLAST_BYTES });
  const listener = fork(path.join(import.meta.dirname, "tls-server.testing.ts"));
  const ask = async (message: object) => {
    listener.send(message);
    const [answer] = await once(listener, "message");
    return Number(answer);
  };
  try {
    const port = await ask({ key: server.key, cert: server.certificate, ca, requestCert: true });
    const connectOften = async () => {
      for (let i = 0; i < CONNECTIONS; i++) {
        const socket = connect({ host: "127.0.0.1", port, ca, cert: client.certificate, key: client.key });
        await once(socket.resume(), "close");
      }
      return ask({});
    };
    const before = await connectOften();
    const grown = (await connectOften()) - before;
    assert.ok(grown < (CONNECTIONS * BALLAST_BYTES) / 2, `${(grown / MIB).toFixed(1)} MiB more`);
  } finally {
    listener.kill();
  }
});
