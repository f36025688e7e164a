import { parseFieldSelector } from "@fairlead/api/selectors/field-selector";
import type { ResourceAttributes } from "./authorizer.ts";

/** Namespace of the kubelets' leases. */
export const NODE_LEASE_NAMESPACE = "kube-node-lease";

const OWN_OBJECT_VERBS: readonly string[] = ["get", "create", "update", "patch", "delete"];

/** Returns why a node may not do this to a Lease; nothing when it may. */
export function ownLease(nodeName: string, asked: ResourceAttributes): string | undefined {
  if (!OWN_OBJECT_VERBS.includes(asked.verb)) {
    return "can only get, create, update, patch, or delete a node lease";
  }
  if (asked.namespace !== NODE_LEASE_NAMESPACE) {
    return `can only access leases in the "${NODE_LEASE_NAMESPACE}" system namespace`;
  }
  // The name of a new object is not known here: NodeRestriction checks it.
  if (asked.verb === "create" || asked.name === nodeName) return undefined;
  return "can only access node lease with the same name as the requesting node";
}

/** Returns why a node may not do this to a CSINode; nothing when it may. */
export function ownCSINode(nodeName: string, asked: ResourceAttributes): string | undefined {
  if (!OWN_OBJECT_VERBS.includes(asked.verb)) return "can only get, create, update, patch, or delete a CSINode";
  if (asked.subresource !== "") return "cannot authorize CSINode subresources";
  if (asked.verb === "create" || asked.name === nodeName) return undefined;
  return "can only access CSINode with the same name as the requesting node";
}

/** Returns why a node may not do this to a ResourceSlice; nothing when it may. No slice exists: none is related to a node. */
export function ownResourceSlice(nodeName: string, asked: ResourceAttributes): string | undefined {
  if (asked.subresource !== "") return "cannot authorize ResourceSlice subresources";
  switch (asked.verb) {
    case "create":
      return undefined;
    case "get":
    case "update":
    case "patch":
    case "delete":
      return asked.name === "" ? "No Object name found" : unrelated(nodeName);
    case "watch":
    case "list":
    case "deletecollection":
      if (selectsNode(asked.fieldSelector ?? "", nodeName)) return undefined;
      return "can only list/watch/deletecollection resourceslices with nodeName field selector";
    default:
      return "only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection";
  }
}

/** Returns why a node may not do this to a Node; nothing when it may. NodeRestriction refuses writes of other Nodes. */
export function ownNode(nodeName: string, asked: ResourceAttributes): string | undefined {
  if (asked.subresource === "status" && ["update", "patch"].includes(asked.verb)) return undefined;
  if (asked.subresource !== "") return "";
  if (["create", "update", "patch"].includes(asked.verb)) return undefined;
  if (!["get", "list", "watch"].includes(asked.verb)) return "";
  if (asked.name === nodeName) return undefined;
  return asked.name === ""
    ? `node '${nodeName}' cannot read all nodes, only its own Node object`
    : `node '${nodeName}' cannot read '${asked.name}', only its own Node object`;
}

/** Whether a field selector selects only objects of the node: `spec.nodeName=n1`. */
export function selectsNode(fieldSelector: string, nodeName: string): boolean {
  const parsed = parseFieldSelector(fieldSelector);
  if (parsed.error !== undefined) return false;
  return parsed.terms.some(({ field, equal, value }) => field === "spec.nodeName" && equal && value === nodeName);
}

/** The refusal of an object that no pod of the node needs. */
export function unrelated(nodeName: string): string {
  return `no relationship found between node '${nodeName}' and this object`;
}
