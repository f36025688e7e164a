import type { HostAlias } from "@fairlead/api/core/v1/pod/pod";
import type { PodHostname } from "./hostname.ts";

const LOCAL = [
  ["127.0.0.1", "localhost"],
  ["::1", "localhost ip6-localhost ip6-loopback"],
  ["fe00::0", "ip6-localnet"],
  ["fe00::0", "ip6-mcastprefix"],
  ["fe00::1", "ip6-allnodes"],
  ["fe00::2", "ip6-allrouters"],
];

/** `/etc/hosts` of a pod with a network of its own. */
export function podHostsFile(
  podIPs: readonly string[],
  { hostname, domain }: PodHostname,
  aliases: readonly HostAlias[] = [],
): string {
  const names = domain === "" ? [hostname] : [`${hostname}.${domain}`, hostname];
  const lines = [...LOCAL, ...podIPs.map((ip) => [ip, ...names])].map((fields) => fields.join("\t"));
  return ["# Kubernetes-managed hosts file.", ...lines, ""].join("\n") + aliasLines(aliases);
}

/** `/etc/hosts` of a pod on the node's network: the node's, and the pod's aliases. */
export function hostNetworkHostsFile(nodeHosts: string, aliases: readonly HostAlias[] = []): string {
  return `# Kubernetes-managed hosts file (host network).\n${nodeHosts}${aliasLines(aliases)}`;
}

function aliasLines(aliases: readonly HostAlias[]): string {
  if (aliases.length === 0) return "";
  const lines = aliases.map(({ ip, hostnames = [] }) => [ip, ...hostnames].join("\t"));
  return ["", "# Entries added by HostAliases.", ...lines, ""].join("\n");
}
