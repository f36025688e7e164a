import { readFile } from "node:fs/promises";
import type { Client } from "@fairlead/client/client";
import { createClient } from "@fairlead/client/rest/rest-client";
import type { HttpsTransportOptions } from "@fairlead/client/transport/https-transport";
import { createHttpsTransport } from "@fairlead/client/transport/https-transport";
import type { ClusterConfig } from "../description/cluster-config.ts";
import type { StateFolder } from "../description/state-folder.ts";
import { pkiFiles } from "../pki/pki-files.ts";

/** A client of a local cluster as its administrator, by the host's loopback. Rejects while there are no certificates yet. */
export async function localAdminClient(folder: StateFolder, config: ClusterConfig): Promise<Client> {
  return createClient(createHttpsTransport(await localAdminServer(folder, config)));
}

/** How a local cluster's API server is reached as its administrator. Rejects as {@link localAdminClient}. */
export async function localAdminServer(folder: StateFolder, config: ClusterConfig): Promise<HttpsTransportOptions> {
  const files = pkiFiles(folder.pki);
  const [ca, clientCertificate, clientKey] = await Promise.all(
    [`${files.ca}.crt`, `${files.admin}.crt`, `${files.admin}.key`].map((file) => readFile(file, "utf8")),
  );
  return { server: `https://127.0.0.1:${config.apiPort}`, ca, clientCertificate, clientKey };
}
