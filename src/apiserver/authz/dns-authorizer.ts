import type { Authorizer, Decision, ResourceAttributes } from "./authorizer.ts";
import { DNS_CONFIG_MAPS, DNS_SERVICE, dnsServerNode, dnsSliceName } from "./dns-identity.ts";

const allow: Decision = { verdict: "allow", reason: "" };

/**
 * Lets a node's DNS server read its own Node and the ConfigMaps of its configuration, write its own EndpointSlice of the DNS
 * Service, and report on those. RBAC decides about the objects that all DNS servers read. Never denies.
 */
export const dnsAuthorizer: Authorizer = {
  authorize(attributes) {
    const nodeName = dnsServerNode(attributes.user);
    if (nodeName === undefined || nodeName === "" || attributes.type !== "resource" || attributes.subresource !== "") {
      return noOpinion();
    }
    if (attributes.group === "" && attributes.resource === "nodes") return ownNode(nodeName, attributes);
    if (attributes.group === "" && attributes.resource === "configmaps") return configuration(attributes);
    if (attributes.group === "" && attributes.resource === "events") return report(attributes);
    if (attributes.group !== "discovery.k8s.io" || attributes.resource !== "endpointslices") return noOpinion();
    return ownSlice(nodeName, attributes);
  },
};

function ownNode(nodeName: string, { verb, name }: ResourceAttributes): Decision {
  return verb === "get" && name === nodeName ? allow : noOpinion("can only get the Node that the DNS server runs on");
}

/** A list or watch has the name that its field selector asks for. */
function configuration({ verb, namespace, name }: ResourceAttributes): Decision {
  const isRead = verb === "get" || verb === "list" || verb === "watch";
  return isRead && namespace === DNS_SERVICE.namespace && DNS_CONFIG_MAPS.includes(name)
    ? allow
    : noOpinion(`can only read the ConfigMaps ${DNS_CONFIG_MAPS.join(" and ")} of ${DNS_SERVICE.namespace}`);
}

/** Events have the name of their object, a dot and a number. */
function report({ verb, namespace, name }: ResourceAttributes): Decision {
  const isOurs = [...DNS_CONFIG_MAPS, DNS_SERVICE.name].some((object) => name.startsWith(`${object}.`));
  const isWrite = verb === "create" || (verb === "patch" && isOurs);
  return isWrite && namespace === DNS_SERVICE.namespace
    ? allow
    : noOpinion(`can only write events of ${DNS_SERVICE.namespace} about its configuration`);
}

function ownSlice(nodeName: string, { verb, namespace, name }: ResourceAttributes): Decision {
  // Whether all may be read is RBAC's to say.
  if (verb === "list" || verb === "watch") return noOpinion();
  // The name of a new object is not known here: DNSRestriction checks it.
  const isOwn =
    verb === "create" || (["get", "update", "patch", "delete"].includes(verb) && name === dnsSliceName(nodeName));
  return isOwn && namespace === DNS_SERVICE.namespace
    ? allow
    : noOpinion(`can only write EndpointSlice "${DNS_SERVICE.namespace}/${dnsSliceName(nodeName)}"`);
}

function noOpinion(reason = ""): Decision {
  return { verdict: "noOpinion", reason };
}
