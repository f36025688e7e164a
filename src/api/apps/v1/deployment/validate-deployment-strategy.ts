import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalid, notSupported, required } from "../../../field-error.ts";
import { amountOf, validateAtMostAll, validateNumberOrPercent } from "../validate-number-or-percent.ts";
import type { DeploymentStrategy, RollingUpdateDeployment } from "./deployment-schema.ts";

const STRATEGIES = ["Recreate", "RollingUpdate"];

/** What is wrong with how old pods make way for new ones. */
export function validateDeploymentStrategy(strategy: DeploymentStrategy, path: string): FieldError[] {
  const { type, rollingUpdate } = strategy;
  if (!STRATEGIES.includes(type)) return [notSupported(path, asShownUpstream(strategy), STRATEGIES)];
  if (type === "Recreate") {
    if (rollingUpdate === undefined) return [];
    return [forbidden(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")];
  }
  if (rollingUpdate === undefined) {
    return [required(`${path}.rollingUpdate`, "this should be defaulted and never be nil")];
  }
  return validateRollingUpdate(rollingUpdate, `${path}.rollingUpdate`);
}

/** Upstream shows its own struct there, with the names that its fields have in Go. */
function asShownUpstream({ type, rollingUpdate }: DeploymentStrategy): unknown {
  if (rollingUpdate === undefined) return { Type: type, RollingUpdate: null };
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate;
  return { Type: type, RollingUpdate: { MaxUnavailable: maxUnavailable, MaxSurge: maxSurge } };
}

function validateRollingUpdate(rollingUpdate: RollingUpdateDeployment, path: string): FieldError[] {
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate;
  const isStuck = amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0;
  return [
    ...validateNumberOrPercent(maxUnavailable, `${path}.maxUnavailable`),
    ...validateNumberOrPercent(maxSurge, `${path}.maxSurge`),
    ...(isStuck ? [invalid(`${path}.maxUnavailable`, maxUnavailable, "may not be 0 when `maxSurge` is 0")] : []),
    ...validateAtMostAll(maxUnavailable, `${path}.maxUnavailable`),
  ];
}
