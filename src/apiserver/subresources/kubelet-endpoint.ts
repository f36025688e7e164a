import type { Node } from "@fairlead/api/core/v1/node/node";
import { StatusError } from "@fairlead/api/status-error";
import { hostPort } from "@fairlead/lib/ip-family";

/** Where a node's kubelet listens with HTTPS. */
export interface KubeletEndpoint {
  readonly nodeName: string;
  /** An IP address or a name. IPv6 addresses without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Which kind of address to take first: kubeadm's `--kubelet-preferred-address-types`. */
const PREFERRED_ADDRESS_TYPES = ["InternalIP", "ExternalIP", "Hostname"];

/**
 * Where to reach the kubelet of `node`, as the node itself says in its status.
 *
 * @throws {StatusError} `InternalError` when the status names no address, or no port, yet.
 */
export function kubeletEndpoint(node: Node): KubeletEndpoint {
  const addresses = node.status.addresses ?? [];
  const host = PREFERRED_ADDRESS_TYPES.flatMap((type) => addresses.filter((a) => a.type === type))[0]?.address;
  if (host === undefined) {
    throw new StatusError(
      "InternalError",
      `no preferred addresses found; known addresses: [${addresses.map((a) => a.address).join(" ")}]`,
    );
  }
  const port = node.status.daemonEndpoints?.kubeletEndpoint?.Port ?? 0;
  if (port === 0) {
    throw new StatusError(
      "InternalError",
      `node "${node.metadata.name}" has not said yet on which port its kubelet listens`,
    );
  }
  return { nodeName: node.metadata.name, host, port };
}

/** `host:port`, with IPv6 addresses in brackets. */
export function authority({ host, port }: Pick<KubeletEndpoint, "host" | "port">): string {
  return hostPort(host, port);
}
