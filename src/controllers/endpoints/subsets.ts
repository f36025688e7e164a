import type { EndpointAddress, EndpointPort, EndpointSubset } from "@fairlead/api/core/v1/endpoints/endpoints";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { isIPv6 } from "@fairlead/lib/ip-family";
import { findPort } from "../service-pods/find-port.ts";
import { isPodAnEndpoint, publishesHostname } from "../service-pods/is-pod-an-endpoint.ts";
import { isPodReady } from "../service-pods/pod-readiness.ts";

interface ReadyAddress {
  readonly address: EndpointAddress;
  readonly ready: boolean;
}

/**
 * The subsets of a Service's Endpoints: ports that the same addresses serve share one.
 *
 * Only addresses of the Service's first family are listed. In a fixed order: addresses as text, subsets by their ports.
 */
export function subsetsOf(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  const byPort = new Map<string, { readonly port: EndpointPort | undefined; readonly addresses: ReadyAddress[] }>();
  const withoutPorts = (service.spec.ports ?? []).length === 0 && service.spec.clusterIP === "None";
  for (const pod of pods) {
    const address = addressOf(service, pod);
    if (address === undefined) continue;
    const ready = service.spec.publishNotReadyAddresses === true || isPodReady(pod);
    for (const port of withoutPorts ? [undefined] : portsOf(service, pod)) {
      const key = JSON.stringify(port ?? null);
      const entry = byPort.get(key) ?? { port, addresses: [] };
      byPort.set(key, entry);
      entry.addresses.push({ address, ready });
    }
  }
  return grouped([...byPort.values()]);
}

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

function portsOf(service: Service, pod: Pod): readonly EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((servicePort) => {
    const port = findPort(pod, servicePort);
    if (port === undefined) return [];
    const { name, protocol, appProtocol } = servicePort;
    return [{ ...(name && { name }), port, protocol, ...(appProtocol !== undefined && { appProtocol }) }];
  });
}

function grouped(
  entries: readonly { readonly port: EndpointPort | undefined; readonly addresses: readonly ReadyAddress[] }[],
): readonly EndpointSubset[] {
  const bySet = new Map<string, { readonly ports: EndpointPort[]; readonly addresses: readonly ReadyAddress[] }>();
  for (const { port, addresses } of entries) {
    const sorted = [...addresses].sort((a, b) => compare(addressKey(a), addressKey(b)));
    const key = sorted.map(addressKey).join();
    const group = bySet.get(key) ?? { ports: [], addresses: sorted };
    bySet.set(key, group);
    if (port !== undefined) group.ports.push(port);
  }
  const subsets = [...bySet.values()].map(({ ports, addresses }): EndpointSubset => {
    const ready = addresses.filter((a) => a.ready).map((a) => a.address);
    const notReady = addresses.filter((a) => !a.ready).map((a) => a.address);
    return {
      ...(ready.length > 0 && { addresses: ready }),
      ...(notReady.length > 0 && { notReadyAddresses: notReady }),
      ...(ports.length > 0 && { ports: ports.sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b))) }),
    };
  });
  return subsets.sort((a, b) => compare(JSON.stringify(a.ports ?? []), JSON.stringify(b.ports ?? [])));
}

const addressKey = ({ address, ready }: ReadyAddress) => `${address.ip}/${address.targetRef?.uid ?? ""}/${ready}`;
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
