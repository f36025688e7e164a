import type { Node, Taint } from "@fairlead/api/core/v1/node/node";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { TAINT } from "@fairlead/api/well-known";
import type { AdmissionPlugin, AdmissionRequest } from "./admission.ts";
import { isOfKind } from "./pod-requests.ts";

const NOT_READY: Taint = { key: TAINT.notReady, effect: "NoSchedule" };

/** Keeps pods off every new node until the node controller has seen that it is ready. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: "TaintNodesByCondition",

  admit(request) {
    if (!isCreateOfNode(request)) return request.object;
    const node = request.object;
    const taints = node.spec.taints ?? [];
    if (taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) return node;
    return { ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } };
  },
};

function isCreateOfNode(request: AdmissionRequest): request is AdmissionRequest<Node> {
  return isOfKind(request, nodeKind) && request.operation === "create" && request.subresource === "";
}
