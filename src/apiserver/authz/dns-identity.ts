import type { User } from "../authn/authenticator.ts";

/** The group of every node's DNS server. */
export const DNS_SERVERS_GROUP = "system:fairlead:dns";
const PREFIX = "system:fairlead:dns:";

/** The Service that all DNS servers are endpoints of. */
export const DNS_SERVICE = { namespace: "kube-system", name: "kube-dns" } as const;

/** The ConfigMaps that may hold the configuration of all DNS servers, in the Service's namespace. */
export const DNS_CONFIG_MAPS: readonly string[] = ["fairlead-dns", "coredns"];

/** Returns the node whose DNS server a user is; nothing for a user that is none. */
export function dnsServerNode(user: User): string | undefined {
  if (!user.groups.includes(DNS_SERVERS_GROUP) || !user.name.startsWith(PREFIX)) return undefined;
  return user.name.slice(PREFIX.length);
}

/** Returns the name of the EndpointSlice by which a node's DNS server lists itself. */
export function dnsSliceName(nodeName: string): string {
  return `${DNS_SERVICE.name}-${nodeName}`;
}
