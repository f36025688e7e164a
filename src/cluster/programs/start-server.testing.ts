import type { Client } from "@fairlead/client/client";
import { createClient } from "@fairlead/client/rest/rest-client";
import { createHttpsTransport } from "@fairlead/client/transport/https-transport";
import { systemClock } from "@fairlead/lib/clock";
import { freePort } from "@fairlead/lib/free-port.testing";
import { silentLogger } from "@fairlead/lib/log";
import type { Store } from "@fairlead/store/store";
import { type ClusterRanges, DEFAULT_RANGES } from "../description/addresses.ts";
import { pkiFiles, readKeyPair } from "../pki/pki-files.ts";
import { startServerProgram } from "./server.ts";

/** What a test's server program runs on. */
export interface TestServerOptions {
  /** Left open when the server stops. */
  readonly store: Store;
  /** With the certificates of a cluster. */
  readonly pkiFolder: string;
  readonly advertiseAddress: string;
  /** Default: those of a first cluster. */
  readonly ranges?: Pick<ClusterRanges, "podCIDRs" | "serviceCIDRs">;
}

/** A server program on loopback. */
export interface ServedCluster {
  /** Of the cluster's administrator, over HTTPS. */
  readonly client: Client;
  /** May be called again. */
  stop(): Promise<void>;
}

/** Starts the server program in the process of the test. */
export async function startServer({
  store,
  pkiFolder,
  advertiseAddress,
  ranges = DEFAULT_RANGES,
}: TestServerOptions): Promise<ServedCluster> {
  const securePort = await freePort();
  const program = await startServerProgram({
    store: { ...store, close: async () => {} },
    pkiFolder,
    advertiseAddress,
    securePort,
    takesConnections: false,
    serviceCIDRs: ranges.serviceCIDRs,
    podCIDRs: ranges.podCIDRs,
    nodePorts: { first: 30_000, last: 32_767 },
    clusterDomain: "cluster.local",
    clusterDNS: "10.96.0.10",
    loadBalancer: { addresses: [], isOn: false },
    log: silentLogger,
    clock: systemClock,
  });
  const files = pkiFiles(pkiFolder);
  const [ca, admin] = await Promise.all([readKeyPair(files.ca), readKeyPair(files.admin)]);
  const transport = createHttpsTransport({
    server: `https://127.0.0.1:${securePort}`,
    ca: ca?.certificate,
    clientCertificate: admin?.certificate,
    clientKey: admin?.key,
  });
  let stopped: Promise<void> | undefined;
  return {
    client: createClient(transport),
    stop: () => (stopped ??= transport.close().then(() => program.stop())),
  };
}
