import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { storageClassOf } from "@fairlead/api/core/v1/persistentvolume/storage-class";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { compareQuantities, type Quantity, quantityOf } from "@fairlead/api/quantity";
import { labelSelectorMatches } from "@fairlead/api/selectors/label-selector";
import { isBoundTo } from "./binding.ts";

/**
 * The volume for a claim that names none: the one that is kept for it; else, of the unclaimed ones, one with as few
 * further access modes as possible, and of these the smallest.
 */
export function findVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
): PersistentVolume | undefined {
  // The cheapest check comes first: most volumes are claimed.
  const mayBe = (volume: PersistentVolume) => volume.metadata.deletionTimestamp === undefined && fits(volume, claim);
  const kept = volumes.filter((volume) => isBoundTo(volume, claim) && mayBe(volume));
  const free = volumes.filter((volume) => isFree(volume) && isWanted(volume, claim) && mayBe(volume));
  return (kept.length > 0 ? kept : free).sort(byEffort)[0];
}

/** Why a volume that a claim names cannot be the claim's, in upstream's words; `undefined` when it can. */
export function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  const { name, deletionTimestamp } = volume.metadata;
  if (deletionTimestamp !== undefined) return `the volume is marked for deletion ${JSON.stringify(name)}`;
  if (!isLargeEnough(volume, claim)) return "requested PV is too small";
  if (storageClassOf(volume) !== storageClassOf(claim)) return "storageClassName does not match";
  if (volume.spec.volumeMode !== claim.spec.volumeMode) return "incompatible volumeMode";
  if (!hasAccessModes(volume, claim)) return "incompatible accessMode";
  return undefined;
}

function fits(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const attributes = (spec: { readonly volumeAttributesClassName?: string | undefined }) =>
    spec.volumeAttributesClassName ?? "";
  return (
    isLargeEnough(volume, claim) &&
    hasAccessModes(volume, claim) &&
    volume.spec.volumeMode === claim.spec.volumeMode &&
    attributes(volume.spec) === attributes(claim.spec)
  );
}

function isFree({ spec, status }: PersistentVolume): boolean {
  return spec.claimRef === undefined && status.phase === "Available";
}

function isWanted(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { selector } = claim.spec;
  if (selector !== undefined && !labelSelectorMatches(selector, volume.metadata.labels)) return false;
  return storageClassOf(volume) === storageClassOf(claim);
}

function isLargeEnough(volume: PersistentVolume, { spec }: PersistentVolumeClaim): boolean {
  return compareQuantities(sizeOf(volume), quantityOf(spec.resources.requests?.storage)) >= 0;
}

function hasAccessModes(volume: PersistentVolume, { spec }: PersistentVolumeClaim): boolean {
  return (spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode));
}

function sizeOf({ spec }: PersistentVolume): Quantity {
  return quantityOf(spec.capacity?.storage);
}

function byEffort(a: PersistentVolume, b: PersistentVolume): number {
  const byModes = (a.spec.accessModes ?? []).length - (b.spec.accessModes ?? []).length;
  return byModes || compareQuantities(sizeOf(a), sizeOf(b)) || (a.metadata.name < b.metadata.name ? -1 : 1);
}
