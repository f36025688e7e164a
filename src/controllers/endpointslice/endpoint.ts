import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Endpoint, EndpointPort, EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { LABEL } from "@fairlead/api/well-known";
import { isIPv6 } from "@fairlead/lib/ip-family";
import { findPort } from "../service-pods/find-port.ts";
import { publishesHostname } from "../service-pods/is-pod-an-endpoint.ts";
import { isPodReady } from "../service-pods/pod-readiness.ts";
import { hintsFor } from "./hints.ts";

/** `IPv4`, `IPv6`, or `FQDN`, which this controller never writes. */
export type AddressType = EndpointSlice["addressType"];

/** The pod's endpoint with its addresses of one family; it may have none. */
export function toEndpoint(
  pod: Pod,
  service: Service,
  { node, addressType }: { readonly node: Node | undefined; readonly addressType: AddressType },
): Endpoint {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const zone = node?.metadata.labels?.[LABEL.zone];
  const endpoint: Endpoint = {
    addresses: addressesOf(pod, addressType),
    // A pod on its way out is never ready, but it may still serve: proxies use it when nothing else is left.
    conditions: {
      ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    ...(publishesHostname(pod, service) && { hostname: pod.spec.hostname }),
    targetRef: {
      kind: "Pod",
      namespace: pod.metadata.namespace,
      name: pod.metadata.name,
      uid: pod.metadata.uid,
    },
    ...((pod.spec.nodeName ?? "") !== "" && { nodeName: pod.spec.nodeName }),
    ...(zone !== undefined && zone !== "" && { zone }),
  };
  const hints = hintsFor(endpoint, service.spec.trafficDistribution);
  return hints === undefined ? endpoint : { ...endpoint, hints };
}

function addressesOf(pod: Pod, addressType: AddressType): readonly string[] {
  const ips = pod.status.podIPs?.map(({ ip }) => ip) ?? (pod.status.podIP === undefined ? [] : [pod.status.podIP]);
  return ips.filter((ip) => isIPv6(ip) === (addressType === "IPv6"));
}

/** The Service's ports as this pod has them: a named target port may be another number in each pod, or missing. */
export function endpointPorts(pod: Pod, service: Service): readonly EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((servicePort) => {
    const port = findPort(pod, servicePort);
    if (port === undefined) return [];
    const { name = "", protocol, appProtocol } = servicePort;
    return [{ name, protocol, port, ...(appProtocol !== undefined && { appProtocol }) }];
  });
}

/** The address types a Service's endpoints come in. Without `ipFamilies`, the address decides. */
export function addressTypesOf(service: Service): readonly AddressType[] {
  const families = (service.spec.ipFamilies ?? []).flatMap((f): AddressType[] =>
    f === "IPv4" || f === "IPv6" ? [f] : [],
  );
  if (families.length > 0) return families;
  const address = service.spec.clusterIP ?? "";
  if (address === "" || address === "None") return ["IPv4", "IPv6"];
  return [isIPv6(address) ? "IPv6" : "IPv4"];
}

/** The texts by which an endpoint is compared with others. */
interface Texts {
  readonly identity: string;
  readonly state: string;
}

/** Endpoints are never changed in place: the texts of each are made once. */
const textsOfEndpoints = new WeakMap<Endpoint, Texts>();

function textsOf(endpoint: Endpoint): Texts {
  let texts = textsOfEndpoints.get(endpoint);
  if (texts === undefined) {
    texts = { identity: identityOf(endpoint), state: stateOf(endpoint) };
    textsOfEndpoints.set(endpoint, texts);
  }
  return texts;
}

/** Identifies an endpoint; two with the same identity are one endpoint at two times. */
export function endpointIdentity(endpoint: Endpoint): string {
  return textsOf(endpoint).identity;
}

/** Whether nothing that readers of slices look at differs. */
export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return textsOf(a).state === textsOf(b).state;
}

function identityOf({ addresses, hostname = "", targetRef }: Endpoint): string {
  return JSON.stringify([addresses.toSorted(), hostname, targetRef?.namespace, targetRef?.name]);
}

function stateOf({ conditions, nodeName, zone, hints, targetRef }: Endpoint): string {
  const forZones = hints?.forZones?.map(({ name }) => name) ?? [];
  const forNodes = hints?.forNodes?.map(({ name }) => name) ?? [];
  const state = [conditions.ready, conditions.serving, conditions.terminating];
  return JSON.stringify([state, nodeName ?? "", zone ?? "", targetRef?.uid ?? "", forZones, forNodes]);
}

/** The same text for the same ports, in whatever order. */
export function portsKey(ports: readonly EndpointPort[]): string {
  return ports
    .map((p) => JSON.stringify([p.name ?? "", p.protocol ?? "TCP", p.port ?? null, p.appProtocol ?? ""]))
    .sort()
    .join();
}
