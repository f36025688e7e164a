import type { Service } from "@fairlead/api/core/v1/service/service";
import { needsHealthCheckPort } from "@fairlead/api/core/v1/service/service-defaults";
import { canonicalIp } from "./ip-range.ts";

/** Where the claims on addresses of Services lie in the store, by address. */
export const SERVICE_IPS_PREFIX = "/registry/ranges/serviceips/";
/** Where the claims on node ports lie, by port. */
export const NODE_PORTS_PREFIX = "/registry/ranges/servicenodeports/";

/** The key of the claim on an address, however the address is written. */
export function ipKey(ip: string): string {
  return `${SERVICE_IPS_PREFIX}${canonicalIp(ip)}`;
}

/** The key of the claim on a node port, whatever its protocol. */
export function portKey(port: number): string {
  return `${NODE_PORTS_PREFIX}${port}`;
}

/** The addresses that a stored Service has claimed. */
export function claimedIps({ spec }: Service): readonly string[] {
  if (spec.type === "ExternalName") return [];
  return (spec.clusterIPs ?? []).filter((ip) => ip !== "" && ip !== "None");
}

/** The node ports that a stored Service has claimed, each once. */
export function claimedPorts({ spec }: Service): readonly number[] {
  const ports = [
    ...(spec.ports ?? []).map((port) => port.nodePort ?? 0),
    ...(needsHealthCheckPort(spec) ? [spec.healthCheckNodePort ?? 0] : []),
  ];
  return [...new Set(ports)].filter((port) => port !== 0);
}

/** The keys of everything that a stored Service has claimed. */
export function claimKeys(service: Service): readonly string[] {
  return [...claimedIps(service).map(ipKey), ...claimedPorts(service).map(portKey)];
}
