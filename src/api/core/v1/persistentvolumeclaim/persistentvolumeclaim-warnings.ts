import { CLASS_ANNOTATION } from "../persistentvolume/storage-class.ts";
import { fractionalByteWarnings } from "../pod/warnings/pod-containers.ts";
import type { PersistentVolumeClaim } from "./persistentvolumeclaim-schema.ts";

/** Returns the warnings of a PersistentVolumeClaim, as upstream's `pkg/api/persistentvolumeclaim/util.go` has them. */
export function persistentVolumeClaimWarnings({ metadata, spec }: PersistentVolumeClaim): readonly string[] {
  const isAnnotated = Object.hasOwn(metadata.annotations ?? {}, CLASS_ANNOTATION);
  const text = 'deprecated since v1.8; use "storageClassName" attribute instead';
  return [
    ...(isAnnotated ? [`metadata.annotations[${CLASS_ANNOTATION}]: ${text}`] : []),
    ...fractionalByteWarnings(spec.resources?.requests, "spec.resources.requests", ["storage"]),
    ...fractionalByteWarnings(spec.resources?.limits, "spec.resources.limits", ["storage"]),
  ];
}
