import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { FINALIZER } from "@fairlead/api/well-known";
import type { AdmissionPlugin } from "./admission.ts";

/** What holds a deleted volume while it is bound, and a deleted claim while a pod uses it, by the plural of the kind. */
const FINALIZERS: ReadonlyMap<string, string> = new Map([
  [persistentVolumeKind.plural, FINALIZER.volumeInUse],
  [persistentVolumeClaimKind.plural, FINALIZER.claimInUse],
]);

/** Gives every new volume and claim the finalizer that a controller takes away when it is no longer in use. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: "StorageObjectInUseProtection",

  admit({ resource, operation, subresource, object }) {
    const finalizer = resource.group === "" ? FINALIZERS.get(resource.plural) : undefined;
    if (finalizer === undefined || operation !== "create" || subresource !== "") return object;
    return withFinalizer(object, finalizer);
  },
};

function withFinalizer(object: KubeObject, finalizer: string): KubeObject {
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes(finalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
}
