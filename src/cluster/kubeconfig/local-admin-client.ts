import { readFile } from "node:fs/promises";
import type { Client } from "../../client/client.ts";
import { createHttpsTransport } from "../../client/https-transport.ts";
import { createClient } from "../../client/rest-client.ts";
import type { ClusterConfig } from "../description/cluster-config.ts";
import type { StateFolder } from "../description/state-folder.ts";
import { pkiFiles } from "../pki/pki-files.ts";

/** A client of a local cluster as its administrator, by the host's loopback. Rejects while there are no certificates yet. */
export async function localAdminClient(folder: StateFolder, config: ClusterConfig): Promise<Client> {
  const files = pkiFiles(folder.pki);
  const [ca, clientCertificate, clientKey] = await Promise.all(
    [`${files.ca}.crt`, `${files.admin}.crt`, `${files.admin}.key`].map((file) => readFile(file, "utf8")),
  );
  return createClient(
    createHttpsTransport({ server: `https://127.0.0.1:${config.apiPort}`, ca, clientCertificate, clientKey }),
  );
}
