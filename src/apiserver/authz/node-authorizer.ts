import { goQuote } from "@fairlead/api/go-quote";
import type { PolicyRule } from "@fairlead/api/rbac/v1/rules";
import type { Attributes, Authorizer, Decision, ResourceAttributes } from "./authorizer.ts";
import type { NeededResource, NodeGraph } from "./node-graph.ts";
import { nodeIdentity } from "./node-identity.ts";
import { ownCSINode, ownLease, ownNode, ownResourceSlice, selectsNode, unrelated } from "./node-own-objects.ts";
import { ruleAllows } from "./rule-matches.ts";

/** What the Node authorizer decides from. */
export interface NodeAuthorizerOptions {
  readonly graph: NodeGraph;
  /** What every node may do alike, besides what depends on its pods. */
  readonly nodeRules: readonly PolicyRule[];
}

/**
 * Lets a kubelet see the objects that pods bound to its node need, its own Node and Lease, and nothing of other nodes.
 * Never denies. (https://kubernetes.io/docs/reference/access-authn-authz/node/)
 */
export function nodeAuthorizer({ graph, nodeRules }: NodeAuthorizerOptions): Authorizer {
  return {
    authorize(attributes) {
      const node = nodeIdentity(attributes.user);
      if (node === undefined) return noOpinion();
      if (node.nodeName === "") return noOpinion(`unknown node for user ${goQuote(attributes.user.name)}`);
      const special = attributes.type === "resource" ? subdivided(graph, node.nodeName, attributes) : undefined;
      return special ?? byRules(nodeRules, attributes);
    },
  };
}

const allow: Decision = { verdict: "allow", reason: "" };

function noOpinion(reason = ""): Decision {
  return { verdict: "noOpinion", reason };
}

/** @param refusal - Nothing for a request that is allowed. */
function decided(refusal: string | undefined): Decision {
  return refusal === undefined ? allow : noOpinion(refusal);
}

function byRules(rules: readonly PolicyRule[], attributes: Attributes): Decision {
  return rules.some((rule) => ruleAllows(rule, attributes)) ? allow : noOpinion();
}

/** Resources whose objects a node may see only in part. */
function subdivided(graph: NodeGraph, nodeName: string, asked: ResourceAttributes): Decision | undefined {
  switch (asked.group === "" ? asked.resource : `${asked.resource}.${asked.group}`) {
    case "secrets":
    case "configmaps":
      return readNeeded(graph, nodeName, asked);
    case "persistentvolumeclaims":
      return claim(graph, nodeName, asked);
    case "persistentvolumes":
    case "resourceclaims.resource.k8s.io":
    case "volumeattachments.storage.k8s.io":
      return getNeeded(graph, nodeName, asked);
    case "serviceaccounts":
      return asked.verb === "get" && asked.subresource === ""
        ? readNeeded(graph, nodeName, asked)
        : createToken(graph, nodeName, asked);
    case "leases.coordination.k8s.io":
      return decided(ownLease(nodeName, asked));
    case "csinodes.storage.k8s.io":
      return decided(ownCSINode(nodeName, asked));
    case "resourceslices.resource.k8s.io":
      return decided(ownResourceSlice(nodeName, asked));
    case "nodes":
      return decided(ownNode(nodeName, asked));
    case "pods":
      return boundPod(graph, nodeName, asked);
    default:
      return undefined;
  }
}

function readNeeded(graph: NodeGraph, nodeName: string, asked: ResourceAttributes): Decision {
  if (!["get", "list", "watch"].includes(asked.verb)) return noOpinion("can only read resources of this type");
  if (asked.subresource !== "") return noOpinion("cannot read subresource");
  if (asked.namespace === "") return noOpinion("can only read namespaced object of this type");
  return needed(graph, nodeName, asked);
}

function claim(graph: NodeGraph, nodeName: string, asked: ResourceAttributes): Decision {
  if (asked.subresource === "status") {
    return ["update", "patch"].includes(asked.verb)
      ? needed(graph, nodeName, asked)
      : noOpinion("can only get/update/patch this type");
  }
  return getNeeded(graph, nodeName, asked);
}

function getNeeded(graph: NodeGraph, nodeName: string, asked: ResourceAttributes): Decision {
  if (asked.verb !== "get") return noOpinion("can only get individual resources of this type");
  if (asked.subresource !== "") return noOpinion("cannot get subresource");
  return needed(graph, nodeName, asked);
}

function needed(graph: NodeGraph, nodeName: string, asked: ResourceAttributes): Decision {
  if (asked.name === "") return noOpinion("No Object name found");
  // The switch in `subdivided` lets only such resources come here.
  const resource = asked.resource as NeededResource;
  return graph.needs(nodeName, resource, asked.namespace, asked.name) ? allow : noOpinion(unrelated(nodeName));
}

function createToken(graph: NodeGraph, nodeName: string, asked: ResourceAttributes): Decision {
  if (asked.verb !== "create" || asked.name === "") {
    return noOpinion("can only create tokens for individual service accounts");
  }
  if (asked.subresource !== "token") return noOpinion("can only create token subresource of serviceaccount");
  return needed(graph, nodeName, asked);
}

function boundPod(graph: NodeGraph, nodeName: string, asked: ResourceAttributes): Decision {
  switch (`${asked.subresource}:${asked.verb}`) {
    case ":get":
      return getNeeded(graph, nodeName, asked);
    case ":list":
    case ":watch":
      if (selectsNode(asked.fieldSelector ?? "", nodeName)) return allow;
      if (asked.name !== "") return needed(graph, nodeName, asked);
      return noOpinion("can only list/watch pods with spec.nodeName field selector");
    case ":create":
    case ":delete":
    case "status:update":
    case "status:patch":
    case "eviction:create":
      // NodeRestriction, which sees the object, decides for which pod.
      return allow;
    default:
      return noOpinion();
  }
}
