import type { Subresource } from "../../kind.ts";

/** How many pods a workload has, in a form that is the same for all workloads: `autoscaling/v1` Scale. */
export const scaleSubresource: Subresource = {
  name: "scale",
  kind: "Scale",
  group: "autoscaling",
  version: "v1",
  verbs: ["get", "patch", "update"],
};
