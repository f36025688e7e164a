import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { storageClassOf } from "@fairlead/api/core/v1/persistentvolume/storage-class";
import { BIND_COMPLETED } from "@fairlead/api/core/v1/persistentvolumeclaim/bind-completed";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { isBoundTo, isMarked } from "./binding.ts";
import { findVolume, mismatch } from "./find-volume.ts";

/** On a volume that was made for its claim; its value says by whom. */
const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

/** An event to record about an object. Reasons and messages are upstream's. */
export interface PlannedEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** The next state of a claim. */
export type ClaimPlan =
  /** It and the volume belong together: whatever of the binding is missing is to be written. */
  | { readonly do: "bind"; readonly volume: PersistentVolume }
  /** There is no volume for it yet. */
  | { readonly do: "wait"; readonly event?: PlannedEvent | undefined }
  /** Its volume was deleted: no other one takes its place. */
  | { readonly do: "lose"; readonly event: PlannedEvent };

/** The volumes of the cluster. */
export interface Volumes {
  get(name: string): PersistentVolume | undefined;
  list(): readonly PersistentVolume[];
}

/** Decides on a claim. Pure. */
export function planClaim(claim: PersistentVolumeClaim, volumes: Volumes): ClaimPlan {
  const { volumeName = "" } = claim.spec;
  if (isMarked(claim, BIND_COMPLETED)) return planBoundClaim(claim, volumes.get(volumeName));
  // On its way out before it had a volume: it needs none.
  if (claim.metadata.deletionTimestamp !== undefined) return { do: "wait" };
  if (volumeName === "") {
    const volume = findVolume(claim, volumes.list());
    return volume === undefined ? { do: "wait", event: noVolume(claim) } : { do: "bind", volume };
  }
  return planNamedVolume(claim, volumes.get(volumeName));
}

function planNamedVolume(claim: PersistentVolumeClaim, volume: PersistentVolume | undefined): ClaimPlan {
  if (volume === undefined) return { do: "wait" };
  if (isBoundTo(volume, claim)) return { do: "bind", volume };
  const name = JSON.stringify(volume.metadata.name);
  if (volume.spec.claimRef !== undefined) {
    return { do: "wait", event: warning("FailedBinding", `volume ${name} already bound to a different claim.`) };
  }
  const why = mismatch(volume, claim);
  if (why === undefined) return { do: "bind", volume };
  return { do: "wait", event: warning("VolumeMismatch", `Cannot bind to requested volume ${name}: ${why}`) };
}

function planBoundClaim(claim: PersistentVolumeClaim, volume: PersistentVolume | undefined): ClaimPlan {
  const lost = (reason: string, message: string): ClaimPlan => ({ do: "lose", event: warning(reason, message) });
  if ((claim.spec.volumeName ?? "") === "") {
    return lost("ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
  }
  if (volume === undefined) {
    return lost("ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
  }
  const { claimRef } = volume.spec;
  if (claimRef === undefined || claimRef.uid === claim.metadata.uid) return { do: "bind", volume };
  return lost("ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");
}

/** Where volumes are not found, a storage class would make one. There are no storage classes. */
function noVolume(claim: PersistentVolumeClaim): PlannedEvent {
  const name = storageClassOf(claim);
  if (name !== "") {
    return warning("ProvisioningFailed", `storageclass.storage.k8s.io ${JSON.stringify(name)} not found`);
  }
  const message = "no persistent volumes available for this claim and no storage class is set";
  return { type: "Normal", reason: "FailedBinding", message };
}

/** The next state of a volume. */
export type VolumePlan =
  | { readonly do: "show"; readonly phase: "Available" | "Bound" }
  /** The binding of the claim has yet to be written, or cannot be: an event records `modesDiffer`. */
  | { readonly do: "wait"; readonly modesDiffer: boolean }
  /** Its claim is gone: Released, and then as its policy says. */
  | { readonly do: "reclaim" }
  /** Its claim has another volume. */
  | { readonly do: "unbind" };

/** Decides on a volume. `claim` is the one that it names, of that very uid; `undefined` when there is none. Pure. */
export function planVolume(volume: PersistentVolume, claim: PersistentVolumeClaim | undefined): VolumePlan {
  const { claimRef, persistentVolumeReclaimPolicy } = volume.spec;
  if ((claimRef?.uid ?? "") === "") return { do: "show", phase: "Available" };
  if (claim === undefined) return { do: "reclaim" };
  const { volumeName = "" } = claim.spec;
  if (volumeName === "") return { do: "wait", modesDiffer: volume.spec.volumeMode !== claim.spec.volumeMode };
  if (volumeName === volume.metadata.name) return { do: "show", phase: "Bound" };
  const isNeedless = isMarked(volume, PROVISIONED_BY) && persistentVolumeReclaimPolicy === "Delete";
  return isNeedless ? { do: "reclaim" } : { do: "unbind" };
}

/** What is done with a volume that has lost its claim. */
export type ReclaimPlan =
  | { readonly do: "keep" }
  /** Its files go, and then the volume itself. */
  | { readonly do: "delete"; readonly folder: string }
  | { readonly do: "fail"; readonly event: PlannedEvent };

/** Decides how a volume is reclaimed, as far as anything here can do it. Pure. */
export function planReclaim({ metadata, spec }: PersistentVolume): ReclaimPlan {
  switch (spec.persistentVolumeReclaimPolicy) {
    case "Retain":
      return { do: "keep" };
    case "Recycle":
      // Deprecated; upstream runs a pod that empties the directory. Nothing here does.
      return { do: "fail", event: warning("VolumeFailedRecycle", "No recycler plugin found for the volume!") };
    case "Delete":
      return planDeletion({ metadata, spec });
    default: {
      const message = "Volume has unrecognized PersistentVolumeReclaimPolicy";
      return { do: "fail", event: warning("VolumeUnknownReclaimPolicy", message) };
    }
  }
}

function planDeletion({ metadata, spec }: Pick<PersistentVolume, "metadata" | "spec">): ReclaimPlan {
  // The creator of the volume deletes it. A volume that is being deleted needs no further action.
  const maker = metadata.annotations?.[PROVISIONED_BY] ?? "";
  const isForeign = maker !== "" && !maker.startsWith("kubernetes.io/");
  if (isForeign || metadata.deletionTimestamp !== undefined) return { do: "keep" };
  const failed = (message: string): ReclaimPlan => ({ do: "fail", event: warning("VolumeFailedDelete", message) });
  const { hostPath, nfs, csi } = spec;
  if (hostPath === undefined) {
    const why =
      nfs === undefined && csi === undefined ? "no volume plugin matched" : "no deletable volume plugin matched";
    return failed(`error getting deleter volume plugin for volume ${JSON.stringify(metadata.name)}: ${why}`);
  }
  const [first, ...below] = hostPath.path.split("/").filter((part) => part !== "" && part !== ".");
  if (!hostPath.path.startsWith("/") || first !== "tmp" || below.length === 0 || below.includes("..")) {
    return failed(`host_path deleter only supports /tmp/.+ but received provided ${hostPath.path}`);
  }
  return { do: "delete", folder: `/tmp/${below.join("/")}` };
}

function warning(reason: string, message: string): PlannedEvent {
  return { type: "Warning", reason, message };
}
