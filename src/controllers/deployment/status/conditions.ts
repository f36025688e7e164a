import type { Deployment, DeploymentCondition } from "@fairlead/api/apps/v1/deployment/deployment";
import { conditionOf } from "@fairlead/api/condition-of";
import { transitionTime } from "@fairlead/api/transition-time";

/** Types of a Deployment's conditions. */
export type ConditionType = "Available" | "Progressing" | "ReplicaFailure";

/** A condition without its times. */
export interface Finding {
  readonly type: ConditionType;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

type Conditions = readonly DeploymentCondition[];

/** This value for "no limit" counts as none. Upstream's. */
const MAX_INT32 = 0x7fff_ffff;

export function withoutCondition(conditions: Conditions, type: ConditionType): Conditions {
  return conditions.filter((condition) => condition.type !== type);
}

/**
 * The conditions with this one among them. Where status and reason are the same as before, nothing changes.
 *
 * @param now - RFC 3339.
 */
export function withCondition(conditions: Conditions, finding: Finding, now: string): Conditions {
  const before = conditionOf(conditions, finding.type);
  if (before?.status === finding.status && before.reason === finding.reason) return conditions;
  return withNewCondition(conditions, finding, now);
}

/** The same, but a condition that stays what it is gets a new `lastUpdateTime` and message. */
export function withNewCondition(conditions: Conditions, finding: Finding, now: string): Conditions {
  const before = conditionOf(conditions, finding.type);
  const lastTransitionTime = transitionTime(before, finding.status, now);
  const condition = { ...finding, lastUpdateTime: now, lastTransitionTime };
  return [...withoutCondition(conditions, finding.type), condition];
}

/** How long a rollout may stand still before it counts as failed, in milliseconds; `undefined`: for ever. */
export function progressDeadlineMs({ spec: { progressDeadlineSeconds } }: Deployment): number | undefined {
  if (progressDeadlineSeconds === undefined || progressDeadlineSeconds === MAX_INT32) return undefined;
  return progressDeadlineSeconds * 1000;
}

/** How many old ReplicaSets are kept; `undefined`: all. */
export function historyLimit({ spec: { revisionHistoryLimit } }: Deployment): number | undefined {
  return revisionHistoryLimit === MAX_INT32 ? undefined : revisionHistoryLimit;
}
