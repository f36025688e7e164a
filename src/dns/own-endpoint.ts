import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { ObjectMeta } from "@fairlead/api/meta/v1/object-meta";
import type { Draft } from "@fairlead/api/schema";
import { LABEL } from "@fairlead/api/well-known";
import { isIPv6 } from "@fairlead/lib/ip-family";

/** Which server of the DNS Service we are. */
export interface OwnEndpoint {
  readonly nodeName: string;
  /** Where the other machines reach us. */
  readonly address: string;
  readonly port: number;
  /** Of `/metrics`. Default: there is none. */
  readonly metricsPort?: number | undefined;
}

/** What {@link ownSlice} makes. */
export type OwnSlice = Draft<EndpointSlice> & { readonly metadata: Draft<ObjectMeta> };

export const DNS_SERVICE = { namespace: "kube-system", name: "kube-dns" };

/** The name of a node's own EndpointSlice. */
export function ownSliceName(nodeName: string): string {
  return `${DNS_SERVICE.name}-${nodeName}`;
}

/**
 * Our own EndpointSlice of the DNS Service: one endpoint, meant for the pods of our own node.
 *
 * Others' proxies use it too once their own node has none that is ready. `node`, when it is known, owns the slice, so
 * that it goes when the node does.
 */
export function ownSlice(
  { nodeName, address, port, metricsPort }: OwnEndpoint,
  ready: boolean,
  node: Pick<ObjectMeta, "name" | "uid"> | undefined,
): OwnSlice {
  return {
    metadata: {
      namespace: DNS_SERVICE.namespace,
      name: ownSliceName(nodeName),
      labels: {
        [LABEL.serviceName]: DNS_SERVICE.name,
        [LABEL.managedByOfSlice]: "dns.fairlead",
      },
      ...(node !== undefined && {
        ownerReferences: [{ apiVersion: "v1", kind: "Node", name: node.name, uid: node.uid }],
      }),
    },
    addressType: isIPv6(address) ? "IPv6" : "IPv4",
    endpoints: [
      {
        addresses: [address],
        conditions: { ready, serving: ready, terminating: false },
        nodeName,
        hints: { forNodes: [{ name: nodeName }] },
      },
    ],
    ports: [
      { name: "dns", protocol: "UDP", port },
      { name: "dns-tcp", protocol: "TCP", port },
      ...(metricsPort === undefined ? [] : [{ name: "metrics", protocol: "TCP" as const, port: metricsPort }]),
    ],
  };
}

/** Whether a slice that is there already says what ours should. */
export function saysTheSame(present: EndpointSlice, wanted: OwnSlice): boolean {
  const essence = (slice: Draft<EndpointSlice>) =>
    JSON.stringify([
      slice.addressType,
      slice.endpoints?.map((e) => [
        e?.addresses,
        e?.conditions?.ready,
        e?.nodeName,
        e?.hints?.forNodes?.map((n) => n?.name),
      ]),
      slice.ports?.map((p) => [p?.name, p?.protocol, p?.port]),
      slice.metadata?.labels?.[LABEL.serviceName],
    ]);
  return essence(present) === essence(wanted);
}
