/** The group of MetalLB's kinds: users' manifests name it. */
export const METALLB_GROUP = "metallb.io";
/** The namespace that pools and advertisements are in. Those of other namespaces do nothing, as in MetalLB. */
export const METALLB_NAMESPACE = "metallb-system";
