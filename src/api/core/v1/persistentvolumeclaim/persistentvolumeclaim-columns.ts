import type { Column } from "../../../column.ts";
import { ageColumn, column, nameColumn, wideColumn } from "../../../columns.ts";
import { accessModesCell } from "../persistentvolume/access-modes.ts";
import { storageClassOf } from "../persistentvolume/storage-class.ts";
import type { PersistentVolumeClaim } from "./persistentvolumeclaim-schema.ts";

/** What `kubectl get persistentvolumeclaims` prints. */
export const persistentVolumeClaimColumns: readonly Column<PersistentVolumeClaim>[] = [
  nameColumn,
  column("Status", "Whether a volume was found.", ({ metadata, status }) =>
    metadata.deletionTimestamp === undefined ? status.phase : "Terminating",
  ),
  column("Volume", "Volume that was found or asked for.", ({ spec }) => spec.volumeName ?? ""),
  column("Capacity", "How large the volume is.", (claim) =>
    namesVolume(claim) ? (claim.status.capacity?.storage ?? "0") : "",
  ),
  column("Access Modes", "Who could use the volume at once, and how.", (claim) =>
    namesVolume(claim) ? accessModesCell(claim.status.accessModes) : "",
  ),
  column("StorageClass", "Sort of storage.", storageClassOf),
  column("VolumeAttributesClass", "Sort of settings.", ({ spec }) => spec.volumeAttributesClassName ?? "<unset>"),
  ageColumn,
  wideColumn("VolumeMode", "Filesystem or Block.", ({ spec }) => spec.volumeMode),
];

function namesVolume({ spec }: PersistentVolumeClaim): boolean {
  return (spec.volumeName ?? "") !== "";
}
