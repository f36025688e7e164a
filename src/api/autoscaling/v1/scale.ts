import { ageColumn, integerColumn, nameColumn } from "../../columns.ts";
import { invalid } from "../../field-error.ts";
import type { Scaling, Subresource } from "../../kind.ts";
import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import type { KubeObject } from "../../resource-reference.ts";
import type { Infer } from "../../schema.ts";
import { field, struct, t } from "../../schema.ts";

export const scaleSpecSchema = struct("io.k8s.api.autoscaling.v1.ScaleSpec", "How many pods are wanted.", {
  replicas: field(1, t.int32, "How many pods are wanted."),
});
export type ScaleSpec = Infer<typeof scaleSpecSchema>;

export const scaleStatusSchema = struct("io.k8s.api.autoscaling.v1.ScaleStatus", "How many pods there are.", {
  replicas: field(1, t.int32, "How many pods there are.", { required: true }),
  selector: field(2, t.string, "Labels of the pods, as queries have them."),
});
export type ScaleStatus = Infer<typeof scaleStatusSchema>;

export const scaleSchema = struct(
  "io.k8s.api.autoscaling.v1.Scale",
  "How many pods a workload has, in a form that is the same for all workloads.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, scaleSpecSchema, "What is wanted.", { present: true }),
    status: field(3, scaleStatusSchema, "What was observed. Written by the system.", { present: true }),
  },
);
export type Scale = Infer<typeof scaleSchema>;

/** A Scale is never stored: it is another look at the workload that it is below. */
export const scaleKind = defineKind<Scale>({
  group: "autoscaling",
  version: "v1",
  kind: "Scale",
  plural: "scales",
  namespaced: true,
  schema: scaleSchema,
  verbs: [],
  columns: [
    nameColumn,
    integerColumn("Desired", "How many pods are wanted.", ({ spec }) => spec.replicas ?? 0),
    integerColumn("Available", "How many pods there are.", ({ status }) => status.replicas),
    ageColumn,
  ],
  validate: ({ spec: { replicas = 0 } }) =>
    replicas < 0 ? [invalid("spec.replicas", replicas, "must be greater than or equal to 0")] : [],
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
