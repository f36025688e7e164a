/**
 * An API server on a SQLite store, as a process of its own that a test can kill: `node … FILE CERTIFICATES`.
 *
 * Prints the port of its HTTPS socket on loopback as soon as it answers.
 */
import { readFile } from "node:fs/promises";
import { flushCompileCache } from "node:module";
import { builtinResources } from "../../src/api/kinds.ts";
import { clientCertificateAuthenticator } from "../../src/apiserver/authn/client-certificate-authenticator.ts";
import { versionInfo } from "../../src/apiserver/discovery/version.ts";
import { listen } from "../../src/apiserver/http/listen.ts";
import { createApiServer } from "../../src/apiserver/server.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { readBuild } from "../../src/lib/version.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";

const [file = "", certificates = ""] = process.argv.slice(2);
const { cert, key, clientCa } = JSON.parse(await readFile(certificates, "utf8"));
const server = await createApiServer({
  store: await openSqliteStore({ file }),
  resources: builtinResources,
  authenticators: [clientCertificateAuthenticator(systemClock)],
  authorizers: [{ authorize: () => ({ verdict: "allow", reason: "" }) }],
  version: versionInfo(readBuild(), "linux/amd64"),
  externalAddress: "127.0.0.1:0",
  log: silentLogger,
  clock: systemClock,
});
const { port } = await listen({
  server,
  tls: { cert, key, clientCa },
  address: { host: "127.0.0.1" },
  log: silentLogger,
});
process.stdout.write(`${port}\n`);
// Otherwise it is written at an orderly exit, and each of the servers would compile all sources again.
flushCompileCache();
