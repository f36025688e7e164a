import { apiTime } from "@fairlead/api/api-time";
import type { Deployment, DeploymentStatus } from "@fairlead/api/apps/v1/deployment/deployment";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { encodeObject } from "@fairlead/api/codec/encode";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import { splitReplicaSets } from "./replicasets/replica-sets.ts";
import { withPause } from "./status/pause.ts";
import { rolloutStatus, untilDeadlineMs } from "./status/progress.ts";
import { deploymentStatus, isComplete } from "./status/status.ts";
import { recreate } from "./steps/recreate.ts";
import { type RollBack, rollBack } from "./steps/roll-back.ts";
import { rollForward } from "./steps/rolling.ts";
import { type Rollout, withCurrent, withRevision } from "./steps/rollout.ts";
import { isScaled, scale } from "./steps/scale.ts";
import { surplusHistory } from "./steps/surplus-history.ts";

/** Everything the plan may depend on. */
export interface DeploymentInputs {
  readonly deployment: Deployment;
  /** Those that the Deployment controls. */
  readonly replicaSets: readonly ReplicaSet[];
  /** The pods of these, in any phase. Only `Recreate` needs them. */
  readonly pods: readonly Pod[];
  readonly nowMs: number;
}

/** One write to a ReplicaSet. */
export type ReplicaSetChange =
  | { readonly verb: "create"; readonly replicaSet: Draft<ReplicaSet> }
  | { readonly verb: "update"; readonly replicaSet: ReplicaSet; readonly before: ReplicaSet }
  | { readonly verb: "delete"; readonly replicaSet: ReplicaSet };

/** The writes, in order. */
export interface DeploymentPlan {
  readonly changes: readonly ReplicaSetChange[];
  /** The Deployment with the status and the revision that it is to have; `undefined` where it has them. */
  readonly deployment: Deployment | undefined;
  /** Comes instead of the status: the Deployment itself is changed. */
  readonly rollBack?: RollBack | undefined;
  /** When to look again though nothing changes; `undefined`: no need to. */
  readonly lookAgainMs: number | undefined;
}

/** What a step makes of a Deployment. */
interface Step {
  readonly rollout: Rollout;
  readonly status: DeploymentStatus;
  readonly rollBack?: RollBack;
  readonly surplus?: readonly ReplicaSet[];
  readonly lookAgainMs?: number | undefined;
}

/**
 * The next step that brings a Deployment's ReplicaSets and its status to what it says.
 *
 * Pure. An update takes many steps: each waits for the pods that the one before asked for. When there is nothing to wait
 * for and nothing to do, the plan is empty.
 */
export function planDeployment(inputs: DeploymentInputs): DeploymentPlan {
  const { rollout, status, rollBack, surplus = [], lookAgainMs } = nextStep(inputs);
  const wanted = { ...rollout.deployment, status };
  const isStored = encodeObject(deploymentKind, wanted) === encodeObject(deploymentKind, inputs.deployment);
  return {
    changes: [
      // A new one first: should its name be taken, nothing else may have happened.
      ...changesTo(inputs.replicaSets, rollout.current === undefined ? [] : [rollout.current]),
      ...changesTo(inputs.replicaSets, rollout.old),
      ...surplus.map((replicaSet) => ({ verb: "delete", replicaSet }) as const),
    ],
    deployment: isStored || rollBack !== undefined ? undefined : wanted,
    rollBack,
    lookAgainMs,
  };
}

function nextStep({ deployment, replicaSets, pods, nowMs }: DeploymentInputs): Step {
  const now = apiTime(nowMs);
  const given = { deployment, ...splitReplicaSets(deployment, replicaSets) };
  if (deployment.metadata.deletionTimestamp !== undefined) return resting(withRevision(given, now), now);

  const rollout = withRevision({ ...given, deployment: withPause(deployment, now) }, now);
  if (deployment.spec.paused === true) {
    const scaled = scale(rollout);
    return { ...resting(scaled, now), surplus: surplusHistory(scaled) };
  }
  const started = withCurrent(rollout, now);
  const back = rollBack(started);
  if (back !== undefined) return { ...resting(started, now), rollBack: back };
  if (isScaled(rollout)) return resting(scale(rollout), now);

  const isRecreated = deployment.spec.strategy.type === "Recreate";
  const next = isRecreated ? recreate(rollout, pods, now) : rollForward(started);
  const status = rolloutStatus(next, { now, nowMs });
  const isOver = isComplete(deployment, deployment.status) && isSame(rollout, next);
  return {
    rollout: next,
    status,
    surplus: isOver ? surplusHistory(next) : [],
    lookAgainMs: untilDeadlineMs(deployment, status, nowMs),
  };
}

/** A step without expected progress: the progress conditions are kept. */
function resting(rollout: Rollout, now: string): Step {
  return { rollout, status: deploymentStatus(rollout, now) };
}

/** Whether a step left all ReplicaSets as they were. */
function isSame(before: Rollout, after: Rollout): boolean {
  return before.current === after.current && before.old.every((replicaSet, index) => replicaSet === after.old[index]);
}

function changesTo(stored: readonly ReplicaSet[], wanted: readonly ReplicaSet[]): readonly ReplicaSetChange[] {
  const byUid = new Map(stored.map((replicaSet) => [replicaSet.metadata.uid, replicaSet]));
  return wanted.flatMap((replicaSet): readonly ReplicaSetChange[] => {
    const before = byUid.get(replicaSet.metadata.uid);
    if (before === undefined) {
      const { status: _, ...draft } = replicaSet;
      return [{ verb: "create", replicaSet: draft }];
    }
    // Most steps leave most ReplicaSets unchanged: encoding those is the most expensive part of a plan.
    const isStored =
      before === replicaSet || encodeObject(replicaSetKind, before) === encodeObject(replicaSetKind, replicaSet);
    return isStored ? [] : [{ verb: "update", replicaSet, before }];
  });
}
