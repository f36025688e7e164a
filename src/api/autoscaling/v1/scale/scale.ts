import type { Scaling, Subresource } from "../../../kind.ts";
import { defineKind } from "../../../kind.ts";
import type { KubeObject } from "../../../resource-reference.ts";
import { scaleColumns } from "./scale-columns.ts";
import type { Scale } from "./scale-schema.ts";
import { scaleSchema } from "./scale-schema.ts";
import { validateScale } from "./validate-scale.ts";

export type * from "./scale-schema.ts";

/** A Scale is never stored: it is another look at the workload that it is below. */
export const scaleKind = defineKind<Scale>({
  group: "autoscaling",
  version: "v1",
  kind: "Scale",
  plural: "scales",
  namespaced: true,
  schema: scaleSchema,
  verbs: [],
  columns: scaleColumns,
  validate: validateScale,
});

/** The `scale` subresource of a workload, for its kind's list of subresources. */
export const scaleSubresource: Subresource = {
  name: "scale",
  kind: scaleKind.kind,
  group: scaleKind.group,
  version: scaleKind.version,
  schema: scaleSchema,
  verbs: ["get", "patch", "update"],
};

/** How a workload looks as a Scale. */
export function scaleOf<T extends KubeObject>(workload: T, scaling: Scaling<T>): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = workload.metadata;
  const { wanted, observed, selector } = scaling.read(workload);
  return {
    kind: scaleKind.kind,
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: wanted },
    status: { replicas: observed, selector },
  };
}
