import { scaleSubresource } from "../../../autoscaling/v1/scale/scale.ts";
import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { formatLabelSelector } from "../../../selectors/format-label-selector.ts";
import { workloadWarnings } from "../pod/warnings/pod-warnings.ts";
import { replicationControllerColumns } from "./replicationcontroller-columns.ts";
import { withReplicationControllerDefaults } from "./replicationcontroller-defaults.ts";
import type { ReplicationController } from "./replicationcontroller-schema.ts";
import { replicationControllerSchema } from "./replicationcontroller-schema.ts";
import { validateReplicationController } from "./validate-replicationcontroller.ts";

export type * from "./replicationcontroller-schema.ts";

export const replicationControllerKind = defineKind<ReplicationController>({
  group: "",
  version: "v1",
  kind: "ReplicationController",
  plural: "replicationcontrollers",
  shortNames: ["rc"],
  categories: ["all"],
  namespaced: true,
  schema: replicationControllerSchema,
  hasGeneration: true,
  subresources: [scaleSubresource],
  scale: {
    read: ({ spec, status }) => ({
      wanted: spec.replicas,
      observed: status.replicas,
      selector: formatLabelSelector({ matchLabels: spec.selector ?? {} }),
    }),
    withReplicas: (object, replicas) => ({ ...object, spec: { ...object.spec, replicas } }),
  },
  columns: replicationControllerColumns,
  selectableFields: { "status.replicas": ({ status }) => String(status.replicas) },
  withDefaults: withReplicationControllerDefaults,
  validate: validateReplicationController,
  // On an update, of the new template: upstream's WarningsOnUpdate has the two the wrong way round.
  warnings: (workload, previous, subresource) => (subresource === "" ? workloadWarnings(workload, previous) : []),
  validateName: dnsSubdomainProblems,
});
