import { readFile } from "node:fs/promises";
import path from "node:path";
import { kubeconfigServer } from "@fairlead/client/kubeconfig/kubeconfig-transport";
import { createClient } from "@fairlead/client/rest/rest-client";
import { createHttpsTransport } from "@fairlead/client/transport/https-transport";
import { serverAccepts } from "@fairlead/client/transport/server-accepts";
import { upstreamsOf } from "@fairlead/dns/forward/upstream";
import { startDns } from "@fairlead/dns/start-dns";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { createMetrics, type Metrics } from "@fairlead/lib/metrics";
import { addProcessMetrics } from "@fairlead/lib/process-metrics";
import { type Running, running } from "@fairlead/lib/running";
import { KUBECONFIG_FILES } from "../supervisor/write-credentials.ts";
import { followAddresses } from "./addresses/follow-addresses.ts";
import { stopWithConnections } from "./stop-with-connections.ts";

export interface DnsProgramOptions {
  readonly nodeName: string;
  /** The folder with this program's kubeconfig file. */
  readonly credentialsFolder: string;
  /** Where to listen, and what pods are sent to: the node's address. When the machine gets another, that. */
  readonly address: string;
  readonly port: number;
  readonly clusterDomain: string;
  /** Its name servers are asked for what is not in the cluster. */
  readonly resolvConf: string;
  readonly log: Logger;
  readonly clock: Clock;
}

/** The cluster's DNS on one machine. */
export async function startDnsProgram(options: DnsProgramOptions): Promise<Running> {
  const { address, log, clock } = options;
  // Counters of a process go up only: they outlive a change of the address.
  const metrics = createMetrics();
  addProcessMetrics(metrics);
  return await followAddresses({
    wanted: [address],
    start: ([own = address]) => startDnsAt(own, metrics, options),
    log,
    clock,
  });
}

async function startDnsAt(address: string, metrics: Metrics, options: DnsProgramOptions): Promise<Running> {
  const { nodeName, port, clusterDomain, log, clock } = options;
  const found = await kubeconfigServer(path.join(options.credentialsFolder, KUBECONFIG_FILES.dns));
  const transport = createHttpsTransport({ ...found, ready: serverAccepts(found.server, { clock }) });
  const dns = await startDns({
    client: createClient(transport),
    nodeName,
    listen: [{ address, port }],
    advertiseAddress: address,
    clusterDomain,
    upstreams: upstreamsOf(await readFile(options.resolvConf, "utf8")),
    metrics,
    log,
    clock,
  });
  return running(() => stopWithConnections(dns.stop, [transport], clock));
}
