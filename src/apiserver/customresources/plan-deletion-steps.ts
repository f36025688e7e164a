import {
  type ConditionState,
  conditionIsTrue,
  withCondition,
} from "@fairlead/api/apiextensions/v1/customresourcedefinition/conditions";
import type { CustomResourceDefinition } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import { CLEANUP_FINALIZER } from "../registry/strategies/customresourcedefinition-strategy.ts";

/** Returns whether a definition waits for its objects to be deleted. */
export function isBeingDeleted({ metadata }: CustomResourceDefinition): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(CLEANUP_FINALIZER);
}

/** Returns the definition while its objects are being deleted. `now` is as the API writes times. */
export function beingEmptied(definition: CustomResourceDefinition, now: string): CustomResourceDefinition {
  const message = "CustomResource deletion is in progress";
  return terminating(definition, { status: "True", reason: "InstanceDeletionInProgress", message }, now);
}

/** What is known of the objects of a definition that is being deleted. */
export interface ObjectsLeft {
  /** Whether it may have objects. */
  readonly hasObjects: boolean;
  /** Whether all of them were deleted. Default false. */
  readonly isEmptied?: boolean;
  readonly now: string;
}

/**
 * Returns the definition without the finalizer that held it, and in its status why.
 *
 * @returns `undefined` while it may have objects.
 * Source: upstream's pkg/controller/finalizer.
 */
export function letGo(
  definition: CustomResourceDefinition,
  { hasObjects, isEmptied = false, now }: ObjectsLeft,
): CustomResourceDefinition | undefined {
  const why = isEmptied
    ? { reason: "InstanceDeletionCompleted", message: "removed all instances" }
    : reasonWithoutDeleting(definition, hasObjects);
  if (why === undefined) return undefined;
  const { metadata } = definition;
  const finalizers = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
  return terminating({ ...definition, metadata: { ...metadata, finalizers } }, { status: "False", ...why }, now);
}

function reasonWithoutDeleting(definition: CustomResourceDefinition, hasObjects: boolean) {
  if (!conditionIsTrue(definition, "Established")) {
    return { reason: "NeverEstablished", message: "resource was never established" };
  }
  const message = "instances overlap with built-in resources in storage";
  return hasObjects ? undefined : { reason: "OverlappingBuiltInResource", message };
}

function terminating(
  definition: CustomResourceDefinition,
  state: Omit<ConditionState, "type">,
  now: string,
): CustomResourceDefinition {
  return withCondition(definition, { type: "Terminating", ...state }, now);
}
