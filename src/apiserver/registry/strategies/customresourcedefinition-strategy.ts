import { withCondition } from "@fairlead/api/apiextensions/v1/customresourcedefinition/conditions";
import type { CustomResourceDefinition } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import type { Strategy } from "../strategy.ts";

/** Holds a definition until its objects are deleted. */
export const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

/**
 * Definitions: the storage version is recorded, for as long as objects may be stored in it, and a deletion waits for the
 * objects. Source: upstream's pkg/registry/customresourcedefinition.
 */
export const customResourceDefinitionStrategy: Strategy<CustomResourceDefinition> = {
  needsResourceVersion: true,
  cleanupFinalizer: CLEANUP_FINALIZER,
  prepareForCreate: (definition) => withStoredVersion({ ...definition, status: newStatus }),
  prepareForUpdate: (definition) => withStoredVersion(definition),
  markDeleted: (definition) =>
    withCondition(
      definition,
      {
        type: "Terminating",
        status: "True",
        reason: "InstanceDeletionPending",
        message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
      },
      definition.metadata.deletionTimestamp ?? "",
    ),
};

const newStatus: CustomResourceDefinition["status"] = {
  conditions: [],
  acceptedNames: { plural: "", kind: "" },
  storedVersions: [],
};

function withStoredVersion(definition: CustomResourceDefinition): CustomResourceDefinition {
  const { spec, status } = definition;
  const { storedVersions = [] } = status;
  const storage = spec.versions.find((version) => version.storage)?.name;
  if (storage === undefined || storedVersions.includes(storage)) return definition;
  return { ...definition, status: { ...status, storedVersions: [...storedVersions, storage] } };
}
