import { withPodTemplateDefaults } from "../../../core/v1/pod/pod-template-defaults.ts";
import type { Deployment, DeploymentStrategy } from "./deployment-schema.ts";

/** `maxUnavailable` and `maxSurge` of a Deployment that says neither. */
const QUARTER = "25%";

/** Fills in what a Deployment leaves open. */
export function withDeploymentDefaults(deployment: Deployment): Deployment {
  const { spec } = deployment;
  return {
    ...deployment,
    spec: { ...spec, template: withPodTemplateDefaults(spec.template), strategy: withStrategyDefaults(spec.strategy) },
  };
}

function withStrategyDefaults(strategy: DeploymentStrategy): DeploymentStrategy {
  if (strategy.type !== "RollingUpdate") return strategy;
  const { maxUnavailable = QUARTER, maxSurge = QUARTER } = strategy.rollingUpdate ?? {};
  return { ...strategy, rollingUpdate: { maxUnavailable, maxSurge } };
}
