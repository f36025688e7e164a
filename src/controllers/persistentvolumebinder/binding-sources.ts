import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { BIND_COMPLETED } from "@fairlead/api/core/v1/persistentvolumeclaim/bind-completed";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { CacheChange } from "@fairlead/client/cache/cache";
import { type KeySource, keysFrom } from "@fairlead/client/controller/run-controller";
import type { Caches } from "../caches.ts";
import { keyOf } from "../object-key.ts";
import { isMarked } from "./binding.ts";
import { claimKey, claimOfVolume, volumeKey } from "./keys.ts";

/** Which claims and volumes a change of one of them concerns. */
export function bindingSources({
  persistentVolumeClaims: claims,
  persistentVolumes: volumes,
}: Pick<Caches, "persistentVolumeClaims" | "persistentVolumes">): readonly KeySource[] {
  const keysOfClaim = ({ key, before, after }: CacheChange<PersistentVolumeClaim>): readonly string[] => [
    claimKey(key),
    ...[before, after].flatMap((claim) => claim?.spec.volumeName || []).map(volumeKey),
    ...volumes.byIndex("claim", key).map((volume) => volumeKey(keyOf(volume))),
  ];

  const keysOfVolume = (change: CacheChange<PersistentVolume>): readonly string[] => [
    volumeKey(change.key),
    ...[change.before, change.after].flatMap(claimOfVolume).map(claimKey),
    ...claims.byIndex("volume", change.key).map((claim) => claimKey(keyOf(claim))),
    ...(mayHelpOthers(change) ? waiting().map((claim) => claimKey(keyOf(claim))) : []),
  ];

  /** Claims that wait for a volume, whichever it may be. */
  const waiting = () => claims.byIndex("volume", "").filter((claim) => !isMarked(claim, BIND_COMPLETED));

  return [keysFrom(claims, keysOfClaim), keysFrom(volumes, keysOfVolume)];
}

/** Whether the volume has become one that claims may get, or one that other claims may get. */
function mayHelpOthers({ before, after }: CacheChange<PersistentVolume>): boolean {
  return isFree(after) && (!isFree(before) || offerOf(before) !== offerOf(after));
}

function isFree(volume: PersistentVolume | undefined): boolean {
  return volume?.status.phase === "Available" && volume.spec.claimRef === undefined;
}

function offerOf(volume: PersistentVolume | undefined): string {
  return JSON.stringify([volume?.spec, volume?.metadata.labels]);
}
