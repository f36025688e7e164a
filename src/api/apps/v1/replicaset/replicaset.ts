import { scaleSubresource } from "../../../autoscaling/v1/scale/scale.ts";
import { workloadWarnings } from "../../../core/v1/pod/warnings/pod-warnings.ts";
import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { replicaScaling } from "../replica-scaling.ts";
import { replicaSetColumns } from "./replicaset-columns.ts";
import { withReplicaSetDefaults } from "./replicaset-defaults.ts";
import type { ReplicaSet } from "./replicaset-schema.ts";
import { replicaSetSchema } from "./replicaset-schema.ts";
import { validateReplicaSet } from "./validate-replicaset.ts";

export type * from "./replicaset-schema.ts";

export const replicaSetKind = defineKind<ReplicaSet>({
  group: "apps",
  version: "v1",
  kind: "ReplicaSet",
  plural: "replicasets",
  shortNames: ["rs"],
  categories: ["all"],
  namespaced: true,
  schema: replicaSetSchema,
  hasGeneration: true,
  subresources: [scaleSubresource],
  scale: replicaScaling(),
  columns: replicaSetColumns,
  withDefaults: withReplicaSetDefaults,
  validate: validateReplicaSet,
  warnings: (workload, previous, subresource) => (subresource === "" ? workloadWarnings(workload, previous) : []),
  validateName: dnsSubdomainProblems,
});
