import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { CacheKey } from "@fairlead/client/cache/cache";

/*
 * One queue for both kinds: a claim and its volume are then never worked on at the same time.
 */

/** The queue's key of a claim. */
export function claimKey(key: CacheKey): string {
  return `claim/${key}`;
}

/** The queue's key of a volume. */
export function volumeKey(name: string): string {
  return `volume/${name}`;
}

/** What a key of the queue names. */
export function parseKey(key: string): { readonly kind: "claim" | "volume"; readonly name: CacheKey } {
  const slash = key.indexOf("/");
  return { kind: key.slice(0, slash) === "claim" ? "claim" : "volume", name: key.slice(slash + 1) };
}

/** The claim that the volume names, as caches know it; as a list, so that there may be none. */
export function claimOfVolume(volume: PersistentVolume | undefined): readonly CacheKey[] {
  const claimRef = volume?.spec.claimRef;
  return claimRef === undefined ? [] : [`${claimRef.namespace ?? ""}/${claimRef.name ?? ""}`];
}
