import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Cache } from "@fairlead/client/cache/cache";
import type { Client } from "@fairlead/client/client";
import { getIfThere } from "@fairlead/client/get-if-there";

/**
 * The claim that the volume is bound to; `undefined` when it is gone, or was recreated under its name.
 *
 * Before a volume is given up, the API server itself is asked: the cache may lack a new claim.
 */
export async function findClaim(
  { spec: { claimRef }, status }: PersistentVolume,
  {
    client,
    claims,
    signal,
  }: {
    readonly client: Client;
    readonly claims: Pick<Cache<PersistentVolumeClaim>, "get">;
    readonly signal: AbortSignal;
  },
): Promise<PersistentVolumeClaim | undefined> {
  const { namespace = "", name = "", uid = "" } = claimRef ?? {};
  if (uid === "") return undefined;
  const isIt = (claim: PersistentVolumeClaim | undefined) => claim?.metadata.uid === uid;
  const cached = claims.get(`${namespace}/${name}`);
  if (isIt(cached) || status.phase === "Released" || status.phase === "Failed")
    return isIt(cached) ? cached : undefined;
  const claim = await getIfThere(client, persistentVolumeClaimKind, { namespace, name }, { signal });
  return isIt(claim) ? claim : undefined;
}
