import type { Column } from "../../../column.ts";
import { ageColumn, column, nameColumn, wideColumn } from "../../../columns.ts";
import { accessModesCell } from "./access-modes.ts";
import type { PersistentVolume } from "./persistentvolume-schema.ts";
import { storageClassOf } from "./storage-class.ts";

/** What `kubectl get persistentvolumes` prints. */
export const persistentVolumeColumns: readonly Column<PersistentVolume>[] = [
  nameColumn,
  column("Capacity", "How large the volume is.", ({ spec }) => spec.capacity?.storage ?? "0"),
  column("Access Modes", "Who could use it at once, and how.", ({ spec }) => accessModesCell(spec.accessModes)),
  column(
    "Reclaim Policy",
    "What happens to it when its claim is deleted.",
    ({ spec }) => spec.persistentVolumeReclaimPolicy,
  ),
  column("Status", "Whether it is bound to a claim.", ({ metadata, status }) =>
    metadata.deletionTimestamp === undefined ? status.phase : "Terminating",
  ),
  column("Claim", "Claim that it is bound to, or kept for.", ({ spec: { claimRef } }) =>
    claimRef === undefined ? "" : `${claimRef.namespace ?? ""}/${claimRef.name ?? ""}`,
  ),
  column("StorageClass", "Sort of storage.", storageClassOf),
  column("VolumeAttributesClass", "Sort of settings.", ({ spec }) => spec.volumeAttributesClassName ?? "<unset>"),
  column("Reason", "Why it is in this state.", ({ status }) => status.reason ?? ""),
  ageColumn,
  wideColumn("VolumeMode", "Filesystem or Block.", ({ spec }) => spec.volumeMode),
];
