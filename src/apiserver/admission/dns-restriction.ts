import { type EndpointSlice, endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { goQuote } from "@fairlead/api/go-quote";
import { LABEL } from "@fairlead/api/well-known";
import { DNS_SERVICE, dnsServerNode, dnsSliceName } from "../authz/dns-identity.ts";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import { isOfKind } from "./pod-requests.ts";
import { forbidden } from "./refuse.ts";

/**
 * Limits what a node's DNS server writes into EndpointSlices: its own slice, of the DNS Service, with endpoints of its own
 * node that are meant for that node. Otherwise one machine could answer the questions of all others, or become an endpoint
 * of any Service.
 */
export const dnsRestriction: AdmissionPlugin = {
  name: "DNSRestriction",
  validate(request) {
    const nodeName = dnsServerNode(request.user);
    if (nodeName === undefined || !isOfKind(request, endpointSliceKind)) return;
    // The kind says what the object is.
    const problem = sliceProblem(nodeName, request as unknown as AdmissionRequest<EndpointSlice>);
    if (problem !== undefined) throw forbidden(request, problem);
  },
};

function sliceProblem(
  nodeName: string,
  { operation, namespace, name, object }: AdmissionRequest<EndpointSlice>,
): string | undefined {
  const server = `DNS server of node ${goQuote(nodeName)}`;
  const wanted = `${DNS_SERVICE.namespace}/${dnsSliceName(nodeName)}`;
  if (`${namespace}/${name || object.metadata.name}` !== wanted)
    return `${server} can only write EndpointSlice "${wanted}"`;
  if (operation === "delete") return undefined;
  const { labels, ownerReferences = [] } = object.metadata;
  if (labels?.[LABEL.serviceName] !== DNS_SERVICE.name) {
    return `${server} can only list itself in Service "${DNS_SERVICE.namespace}/${DNS_SERVICE.name}"`;
  }
  if (ownerReferences.some((owner) => owner.apiVersion !== "v1" || owner.kind !== "Node" || owner.name !== nodeName)) {
    return `${server} can only set an owner reference to its own Node`;
  }
  if (object.endpoints.every((endpoint) => isForOwnNode(nodeName, endpoint))) return undefined;
  return `${server} can only set endpoints of its own node with a hint for that node`;
}

function isForOwnNode(nodeName: string, { nodeName: where, hints }: EndpointSlice["endpoints"][number]): boolean {
  const forNodes = (hints?.forNodes ?? []).map(({ name }) => name);
  return where === nodeName && forNodes.join() === nodeName && (hints?.forZones ?? []).length === 0;
}
