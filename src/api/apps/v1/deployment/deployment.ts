import { scaleSubresource } from "../../../autoscaling/v1/scale/scale.ts";
import { workloadWarnings } from "../../../core/v1/pod/warnings/pod-warnings.ts";
import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { replicaScaling } from "../replica-scaling.ts";
import { deploymentColumns } from "./deployment-columns.ts";
import { withDeploymentDefaults } from "./deployment-defaults.ts";
import type { Deployment } from "./deployment-schema.ts";
import { deploymentSchema } from "./deployment-schema.ts";
import { validateDeployment } from "./validate-deployment.ts";

export type * from "./deployment-schema.ts";

export const deploymentKind = defineKind<Deployment>({
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  shortNames: ["deploy"],
  categories: ["all"],
  namespaced: true,
  schema: deploymentSchema,
  hasGeneration: true,
  subresources: [scaleSubresource],
  scale: replicaScaling(),
  columns: deploymentColumns,
  withDefaults: withDeploymentDefaults,
  validate: validateDeployment,
  warnings: (workload, previous, subresource) => (subresource === "" ? workloadWarnings(workload, previous) : []),
  validateName: dnsSubdomainProblems,
});
