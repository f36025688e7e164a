import type { EndpointAddress, EndpointPort } from "@fairlead/api/core/v1/endpoints/endpoints";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { CacheKey } from "@fairlead/client/cache/cache";
import { isIPv6 } from "@fairlead/lib/ip-family";
import { findPort } from "../service-pods/find-port.ts";
import { isPodAnEndpoint, publishesHostname } from "../service-pods/is-pod-an-endpoint.ts";
import { isPodReady } from "../service-pods/pod-readiness.ts";
import { createSortedAddresses, type SortedAddresses } from "./sorted-addresses.ts";

/** The addresses of all pods that serve the same ports. */
export interface AddressGroup {
  /** Without ports only in a headless Service that has none. */
  readonly ports: readonly EndpointPort[];
  /** Text of {@link ports}. */
  readonly portsKey: string;
  readonly ready: SortedAddresses;
  readonly notReady: SortedAddresses;
}

/** The address of one pod. */
interface PodAddress {
  readonly group: AddressGroup;
  readonly address: EndpointAddress;
  readonly ready: boolean;
}

/**
 * The addresses that the Endpoints of one Service should have.
 *
 * It is changed in place, pod by pod, so that a plan costs what changed since the last one and what Endpoints may hold, not what
 * the Service has. It is valid for one version of the Service.
 */
export interface ServiceAddresses {
  readonly service: Service;
  readonly pods: Map<CacheKey, PodAddress>;
  /** By the text of their ports. Each has at least one address. */
  readonly groups: Map<string, AddressGroup>;
}

/** The addresses of a Service without pods. */
export function emptyServiceAddresses(service: Service): ServiceAddresses {
  return { service, pods: new Map(), groups: new Map() };
}

/**
 * Puts a pod's address in the place of the one that it had.
 *
 * @param pod - A pod that the Service selects, in any phase; `undefined` for one that is gone or no longer selected.
 */
export function setPod(state: ServiceAddresses, key: CacheKey, pod: Pod | undefined): void {
  const { service, pods } = state;
  const address = pod && addressOf(service, pod);
  const ports = pod && address && portsOf(service, pod);
  const before = pods.get(key);
  if (pod === undefined || address === undefined || ports === undefined) {
    pods.delete(key);
    if (before !== undefined) remove(state, before);
    return;
  }
  const ready = service.spec.publishNotReadyAddresses === true || isPodReady(pod);
  const after: PodAddress = { group: groupOf(state, ports), address, ready };
  if (before !== undefined && isSame(before, after)) return;
  pods.set(key, after);
  listOf(after).add(address);
  if (before !== undefined) remove(state, before);
}

/** Only addresses of the Service's first family are listed. */
function addressOf(service: Service, pod: Pod): EndpointAddress | undefined {
  if (!isPodAnEndpoint(pod, { includeTerminating: service.spec.publishNotReadyAddresses === true })) return undefined;
  const wantsIPv6 = firstFamilyIsIPv6(service, pod);
  const ips = pod.status.podIPs?.map(({ ip }) => ip) ?? [pod.status.podIP ?? ""];
  const ip = ips.find((candidate) => candidate !== "" && isIPv6(candidate) === wantsIPv6);
  if (ip === undefined) return undefined;
  const { namespace, name, uid } = pod.metadata;
  return {
    ip,
    ...(publishesHostname(pod, service) && { hostname: pod.spec.hostname }),
    nodeName: pod.spec.nodeName,
    targetRef: { kind: "Pod", namespace, name, uid },
  };
}

function firstFamilyIsIPv6(service: Service, pod: Pod): boolean {
  const [family] = service.spec.ipFamilies ?? [];
  if (family !== undefined) return family === "IPv6";
  const clusterIP = service.spec.clusterIP ?? "";
  return isIPv6(clusterIP === "" || clusterIP === "None" ? (pod.status.podIP ?? "") : clusterIP);
}

/** Returns the ports by which the pod is reached; `undefined` for a pod that has none of the Service's. */
function portsOf({ spec }: Service, pod: Pod): readonly EndpointPort[] | undefined {
  const servicePorts = spec.ports ?? [];
  if (servicePorts.length === 0 && spec.clusterIP === "None") return [];
  const ports = servicePorts.flatMap((servicePort): readonly EndpointPort[] => {
    const port = findPort(pod, servicePort);
    if (port === undefined) return [];
    const { name, protocol, appProtocol } = servicePort;
    return [{ ...(name && { name }), port, protocol, ...(appProtocol !== undefined && { appProtocol }) }];
  });
  return ports.length === 0 ? undefined : ports;
}

function isSame(a: PodAddress, b: PodAddress): boolean {
  return a.ready === b.ready && a.group === b.group && sameAddress(a.address, b.address);
}

/** Whether two addresses say the same of the same pod, whatever resource version it had. */
export function sameAddress(a: EndpointAddress, b: EndpointAddress): boolean {
  return (
    a.ip === b.ip &&
    (a.hostname ?? "") === (b.hostname ?? "") &&
    (a.nodeName ?? "") === (b.nodeName ?? "") &&
    (a.targetRef?.uid ?? "") === (b.targetRef?.uid ?? "")
  );
}

function groupOf({ groups }: ServiceAddresses, ports: readonly EndpointPort[]): AddressGroup {
  const portsKey = JSON.stringify(ports);
  let group = groups.get(portsKey);
  if (group === undefined) {
    group = { ports, portsKey, ready: createSortedAddresses(), notReady: createSortedAddresses() };
    groups.set(portsKey, group);
  }
  return group;
}

function listOf({ group, ready }: PodAddress): SortedAddresses {
  return ready ? group.ready : group.notReady;
}

function remove({ groups }: ServiceAddresses, before: PodAddress): void {
  const { group, address } = before;
  listOf(before).remove(address);
  if (group.ready.size + group.notReady.size === 0) groups.delete(group.portsKey);
}
