import { type ClusterConfig, dnsServiceAddress } from "../description/cluster-config.ts";
import { hostLinkName } from "../description/cluster-names.ts";

/** What the host's resolver asks a cluster's DNS for. */
export interface HostDNS {
  /** The host's interface to the cluster. */
  readonly link: string;
  readonly server: string;
  /** Names that end in one of these are asked for there, and no others. */
  readonly domains: readonly string[];
}

/** Undefined where names are not resolved on the host. */
export function hostDNSOf(config: ClusterConfig): HostDNS | undefined {
  const domains = config.hostDNS ?? [];
  if (domains.length === 0) return undefined;
  return { link: hostLinkName(config), server: dnsServiceAddress(config), domains };
}

/** The second domain of a cluster's names: a top-level domain of RFC 6761 that no server in the world has. */
export function hostDomainOf({ name }: Pick<ClusterConfig, "name">): string {
  return `${name}.test`;
}

/** The clusters whose names end in one of the domains on this host, by domain. */
export function takenDomains(others: readonly ClusterConfig[]): ReadonlyMap<string, string> {
  return new Map(others.flatMap(({ name, hostDNS = [] }) => hostDNS.map((domain) => [domain, name] as const)));
}

/**
 * Returns lines of a Corefile that make names under the host domain mean the cluster's: `web.shop.svc.demo.test`, and
 * `web.shop.demo.test` for short.
 */
export function hostDomainLines(hostDomain: string, clusterDomain: string): readonly string[] {
  return [
    `rewrite name suffix .svc.${hostDomain} .svc.${clusterDomain} answer auto`,
    `rewrite name suffix .pod.${hostDomain} .pod.${clusterDomain} answer auto`,
    `rewrite name suffix .${hostDomain} .svc.${clusterDomain} answer auto`,
  ];
}

/** Returns the Corefile with the lines at the end of its first server block. */
export function withLines(corefile: string, lines: readonly string[]): string {
  const at = corefile.lastIndexOf("}");
  return `${corefile.slice(0, at)}${lines.map((line) => `    ${line}\n`).join("")}${corefile.slice(at)}`;
}
