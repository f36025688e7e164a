import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, inlined, list, map, struct, t } from "../../../schema.ts";
import { nodeSelectorSchema } from "../pod/affinity.ts";
import { objectReferenceSchema } from "../references.ts";
import { persistentVolumeSourceSchema } from "./volume-sources.ts";

export const volumeNodeAffinitySchema = struct(
  "io.k8s.api.core.v1.VolumeNodeAffinity",
  "From which nodes a volume can be reached.",
  {
    required: field(1, nodeSelectorSchema, "Nodes that can reach it."),
  },
);
export type VolumeNodeAffinity = Infer<typeof volumeNodeAffinitySchema>;

export const persistentVolumeSpecSchema = struct(
  "io.k8s.api.core.v1.PersistentVolumeSpec",
  "What a volume is and to whom it belongs.",
  {
    capacity: field(1, map(t.quantity), "How large it is: the resource storage."),
    ...inlined(2, persistentVolumeSourceSchema),
    accessModes: field(3, list(t.string), "Who could use it at once, and how. Nothing enforces it once it is mounted."),
    // Upstream's one reference that is merged field by field.
    claimRef: field(4, { ...objectReferenceSchema, atomic: false }, "Claim that it is bound to, or kept for."),
    persistentVolumeReclaimPolicy: field(
      5,
      t.string,
      "What happens to it when its claim is deleted: Retain or Delete.",
      {
        default: "Retain",
      },
    ),
    storageClassName: field(6, t.string, "Sort of storage; claims name it."),
    mountOptions: field(7, list(t.string), "Options for mounting it, for example ro."),
    volumeMode: field(8, t.string, "Filesystem or Block.", { default: "Filesystem", keepEmpty: true }),
    nodeAffinity: field(9, volumeNodeAffinitySchema, "From which nodes it can be reached; from all when absent."),
    volumeAttributesClassName: field(10, t.string, "Sort of settings of the volume.", { keepEmpty: true }),
  },
);
export type PersistentVolumeSpec = Infer<typeof persistentVolumeSpecSchema>;

export const persistentVolumeStatusSchema = struct(
  "io.k8s.api.core.v1.PersistentVolumeStatus",
  "The state of a volume.",
  {
    phase: field(1, t.string, "Available, Bound, Released (its claim is gone), Failed, or Pending at first.", {
      default: "Pending",
    }),
    message: field(2, t.string, "Why it is in this state, for people."),
    reason: field(3, t.string, "Why, in one word."),
    lastPhaseTransitionTime: field(4, t.time, "When the phase last changed."),
  },
);
export type PersistentVolumeStatus = Infer<typeof persistentVolumeStatusSchema>;

export const persistentVolumeSchema = struct(
  "io.k8s.api.core.v1.PersistentVolume",
  "A piece of storage of the cluster, which outlives the pods that use it.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, persistentVolumeSpecSchema, "What it is.", { present: true }),
    status: field(3, persistentVolumeStatusSchema, "What was observed. Written by the system.", { present: true }),
  },
);
export type PersistentVolume = Infer<typeof persistentVolumeSchema>;
