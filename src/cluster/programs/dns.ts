import { readFile } from "node:fs/promises";
import path from "node:path";
import { kubeconfigTransport } from "../../client/kubeconfig/kubeconfig-transport.ts";
import { createClient } from "../../client/rest-client.ts";
import { upstreamsOf } from "../../dns/forward/upstream.ts";
import { startDns } from "../../dns/start-dns.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import type { Running } from "../../lib/running.ts";
import { KUBECONFIG_FILES } from "../supervisor/write-credentials.ts";

export interface DnsProgramOptions {
  readonly nodeName: string;
  /** The folder with this program's kubeconfig file. */
  readonly credentialsFolder: string;
  /** Where to listen, and what pods are sent to: an address of the node. */
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
  const { nodeName, address, port, clusterDomain, log, clock } = options;
  const kubeconfig = path.join(options.credentialsFolder, KUBECONFIG_FILES.dns);
  return await startDns({
    client: createClient(await kubeconfigTransport(kubeconfig)),
    nodeName,
    listen: [{ address, port }],
    advertiseAddress: address,
    clusterDomain,
    upstreams: upstreamsOf(await readFile(options.resolvConf, "utf8")),
    log,
    clock,
  });
}
