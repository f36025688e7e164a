import { conditionOf } from "../../../condition-of.ts";
import { transitionTime } from "../../../transition-time.ts";
import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from "./customresourcedefinition-schema.ts";

/** What may hold of a definition: `NamesAccepted`, `Established`, `Terminating`, ... */
export type ConditionType =
  | "Established"
  | "NamesAccepted"
  | "NonStructuralSchema"
  | "Terminating"
  | "KubernetesAPIApprovalPolicyConformant";

/** A condition without its times. */
export interface ConditionState {
  readonly type: ConditionType;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

/** Returns a condition of a definition; `undefined` where it has none of this type yet. */
export function findCondition(
  { status }: Pick<CustomResourceDefinition, "status">,
  type: ConditionType,
): CustomResourceDefinitionCondition | undefined {
  return conditionOf(status.conditions, type);
}

/** Returns whether a condition is known to hold. */
export function conditionIsTrue(definition: Pick<CustomResourceDefinition, "status">, type: ConditionType): boolean {
  return findCondition(definition, type)?.status === "True";
}

/**
 * Returns the definition with a condition. The time of the transition stays where the status does.
 *
 * @param now - As the API writes times.
 */
export function withCondition(
  definition: CustomResourceDefinition,
  state: ConditionState,
  now: string,
): CustomResourceDefinition {
  const { status } = definition;
  const { conditions = [] } = status;
  const before = findCondition(definition, state.type);
  const condition = { ...before, ...state, lastTransitionTime: transitionTime(before, state.status, now) };
  const others =
    before === undefined
      ? [...conditions, condition]
      : conditions.map((one) => (one.type === state.type ? condition : one));
  return { ...definition, status: { ...status, conditions: others } };
}
