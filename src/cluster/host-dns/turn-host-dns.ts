import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import type { Client } from "@fairlead/client/client";
import { getIfThere } from "@fairlead/client/get-if-there";
import { ifThere } from "@fairlead/client/if-there";
import { CONFIG_KEY, CONFIG_NAMES, CONFIG_NAMESPACE } from "@fairlead/dns/config/corefile-source";
import { DEFAULT_TTL_SECONDS, defaultCorefile } from "@fairlead/dns/config/default-corefile";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { changeClusterConfig } from "../description/change-cluster-config.ts";
import type { ClusterConfig } from "../description/cluster-config.ts";
import { hostLinkName } from "../description/cluster-names.ts";
import type { StateFolder } from "../description/state-folder.ts";
import { hostDNSOf, hostDomainLines, hostDomainOf, takenDomains, withLines } from "./host-names.ts";
import { routeNames, unrouteNames } from "./resolved.ts";

/** The ConfigMap that is made for the host domain, where there is no other. */
const OWN = { namespace: CONFIG_NAMESPACE, name: CONFIG_NAMES[0] };

export interface TurnOnOptions {
  readonly folder: StateFolder;
  /** Of an administrator. */
  readonly client: Client;
  /** Whether the cluster's names get a second domain on this host, `NAME.test`. */
  readonly hostDomain: boolean;
  /** The other clusters of this machine. */
  readonly others: readonly ClusterConfig[];
}

/**
 * Resolves names of a cluster on this host, now and after every `up`.
 *
 * @throws {ExpectedError} when the host has no route to the cluster or no systemd-resolved, when another cluster's names
 * end the same, or a Corefile of the user's has to be changed first.
 * @returns the domains.
 */
export async function turnOnHostDNS({ folder, client, hostDomain, others }: TurnOnOptions): Promise<readonly string[]> {
  const { domains } = await changeClusterConfig(folder, async (before) => {
    if (!before.hostRoutes) {
      throw new ExpectedError(
        `This machine has no routes to the cluster "${before.name}": make it again without --no-host-routes`,
      );
    }
    const wanted = domainsOf(before, hostDomain, takenDomains(others));
    const config = { ...before, hostDNS: wanted };
    if (hostDomain) await defineHostDomain(client, config);
    else await removeOwnCorefile(client, config);
    const host = hostDNSOf(config);
    if (host !== undefined) await routeNames(host);
    return { config, domains: wanted };
  });
  return domains;
}

/** Undoes {@link turnOnHostDNS}. */
export async function turnOffHostDNS(folder: StateFolder, client: Client): Promise<void> {
  await changeClusterConfig(folder, async ({ hostDNS, ...config }) => {
    if (hostDNS !== undefined) await unrouteNames(hostLinkName(config));
    await removeOwnCorefile(client, config);
    return { config };
  });
}

/** Sets again what `fairlead dns enable` has set, where the interface to the cluster is a new one. What fails is a note. */
export async function renewHostDNS(config: ClusterConfig, note: (line: string) => void): Promise<void> {
  const host = hostDNSOf(config);
  if (host !== undefined) await routeNames(host).catch((error: Error) => note(`Note: ${error.message}`));
}

function domainsOf(config: ClusterConfig, hostDomain: boolean, taken: ReadonlyMap<string, string>): readonly string[] {
  const other = taken.get(config.clusterDomain);
  if (other !== undefined && !hostDomain) {
    throw new ExpectedError(
      `Names that end in ${config.clusterDomain} are those of the cluster "${other}" on this machine: use --host-domain, or "fairlead dns disable --name ${other}"`,
    );
  }
  return [...(other === undefined ? [config.clusterDomain] : []), ...(hostDomain ? [hostDomainOf(config)] : [])];
}

/** Has the cluster's DNS answer for the host domain. A Corefile of the user's is left as it is. */
async function defineHostDomain(client: Client, config: ClusterConfig): Promise<void> {
  const lines = hostDomainLines(hostDomainOf(config), config.clusterDomain);
  for (const name of CONFIG_NAMES) {
    const map = await getIfThere(client, configMapKind, { namespace: CONFIG_NAMESPACE, name });
    if (map === undefined) continue;
    const has = new Set((map.data?.[CONFIG_KEY] ?? "").split("\n").map((line) => line.trim()));
    if (lines.every((line) => has.has(line))) return;
    throw new ExpectedError(
      `The Corefile in the ConfigMap ${CONFIG_NAMESPACE}/${name} lacks the host domain: add these lines to its server block "." and repeat:\n${lines.map((line) => `    ${line}`).join("\n")}`,
    );
  }
  await client.create(configMapKind, { metadata: OWN, data: { [CONFIG_KEY]: ownCorefile(config) } });
}

/** Removes the ConfigMap that was made for the host domain, unless the user has changed it. */
async function removeOwnCorefile(client: Client, config: ClusterConfig): Promise<void> {
  const map = await getIfThere(client, configMapKind, OWN);
  if (map?.data?.[CONFIG_KEY] === ownCorefile(config)) await ifThere(client.delete(configMapKind, OWN));
}

function ownCorefile(config: ClusterConfig): string {
  const lines = hostDomainLines(hostDomainOf(config), config.clusterDomain);
  return withLines(defaultCorefile(config.clusterDomain, DEFAULT_TTL_SECONDS), lines);
}
