import { nodeSelectorTermWarnings } from "../node/node-label-warnings.ts";
import type { PersistentVolume } from "./persistentvolume-schema.ts";
import { CLASS_ANNOTATION } from "./storage-class.ts";

const DEPRECATED_ANNOTATIONS: ReadonlyMap<string, string> = new Map([
  [CLASS_ANNOTATION, 'deprecated since v1.8; use "storageClassName" attribute instead'],
  ["volume.beta.kubernetes.io/mount-options", 'deprecated since v1.31; use "mountOptions" attribute instead'],
]);

/** Volume plugins that upstream has deprecated or removed, by their fields, in its order. */
const DEPRECATED_SOURCES = [
  ["cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"],
] as const;

/** Returns the warnings of a PersistentVolume, as upstream's `pkg/api/persistentvolume/util.go` has them. */
export function persistentVolumeWarnings({ metadata, spec }: PersistentVolume): readonly string[] {
  const annotations = metadata.annotations ?? {};
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return [
    ...[...DEPRECATED_ANNOTATIONS].flatMap(([key, text]) =>
      Object.hasOwn(annotations, key) ? [`metadata.annotations[${key}]: ${text}`] : [],
    ),
    ...(spec.persistentVolumeReclaimPolicy === "Recycle" ? [RECYCLE] : []),
    ...terms.flatMap((term, i) =>
      nodeSelectorTermWarnings(term, `spec.nodeAffinity.required.nodeSelectorTerms[${i}]`, false),
    ),
    ...DEPRECATED_SOURCES.flatMap(([field, shown, text]) =>
      spec[field] === undefined ? [] : [`spec.${shown}: ${text}`],
    ),
  ];
}

const RECYCLE =
  "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is " +
  "to use dynamic provisioning.";
