import type { Node } from "./node-schema.ts";

/** Keeps `podCIDR` and the first of `podCIDRs` the same, and takes what may be used from what there is. */
export function withNodeDefaults(node: Node): Node {
  const { podCIDR = "", podCIDRs = [] } = node.spec;
  const capacity = node.status.capacity;
  return {
    ...node,
    spec: {
      ...node.spec,
      ...(podCIDR !== "" && podCIDRs.length === 0 && { podCIDRs: [podCIDR] }),
      ...(podCIDR === "" && podCIDRs.length > 0 && { podCIDR: podCIDRs[0] }),
    },
    status: {
      ...node.status,
      ...(node.status.allocatable === undefined && capacity !== undefined && { allocatable: capacity }),
    },
  };
}
