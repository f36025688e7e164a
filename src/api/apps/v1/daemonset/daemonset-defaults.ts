import { withPodTemplateDefaults } from "../../../core/v1/pod/pod-template-defaults.ts";
import type { DaemonSet, DaemonSetUpdateStrategy } from "./daemonset-schema.ts";

/** Fills in what a DaemonSet leaves open. */
export function withDaemonSetDefaults(daemonSet: DaemonSet): DaemonSet {
  const { spec } = daemonSet;
  const template = withPodTemplateDefaults(spec.template);
  return { ...daemonSet, spec: { ...spec, template, updateStrategy: withStrategyDefaults(spec.updateStrategy) } };
}

function withStrategyDefaults(strategy: DaemonSetUpdateStrategy): DaemonSetUpdateStrategy {
  if (strategy.type !== "RollingUpdate") return strategy;
  const { maxUnavailable = 1, maxSurge = 0 } = strategy.rollingUpdate ?? {};
  return { ...strategy, rollingUpdate: { maxUnavailable, maxSurge } };
}
