import { nodeKind } from "@fairlead/api/core/v1/node/node";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { foreignClaim, type PodClaim } from "@fairlead/api/core/v1/pod/pod-claims";
import { goQuote } from "@fairlead/api/go-quote";
import type { Client } from "@fairlead/client/client";
import { VolumeError } from "../volume-error.ts";
import { claimRefusal, mountRefusal, volumeRefusal } from "./bound-volume.ts";

/** Finds the volumes behind the claims of pods. */
export interface ClaimSource {
  /**
   * The volume that the pod gets through the claim: once found, it stays the pod's, also when the claim is deleted
   * meanwhile.
   *
   * @throws {VolumeError} with upstream's whole sentence, for what is missing, not bound or not supported.
   */
  volumeOf(pod: Pod, claim: PodClaim): Promise<PersistentVolume>;
  forget(podUid: string): void;
}

/** A node may read one claim and one volume at a time, but not watch them: a waiter has to poll. */
export function createClaimSource({
  client,
  nodeName,
}: {
  readonly client: Client;
  readonly nodeName: string;
}): ClaimSource {
  const foundByPod = new Map<string, Map<string, PersistentVolume>>();

  async function find(pod: Pod, { volumeName, claimName, isEphemeral }: PodClaim): Promise<PersistentVolume> {
    const namespace = pod.metadata.namespace ?? "";
    const unprocessed = (why: string, cause?: unknown) =>
      new VolumeError(
        `Unable to attach or mount volumes: unmounted volumes=[${volumeName}], unattached volumes=[], ` +
          `failed to process volumes=[${volumeName}]: ${why}`,
        { cause },
      );
    const failed = (why: string, cause?: unknown) =>
      unprocessed(`error processing PVC ${namespace}/${claimName}: ${why}`, cause);
    const claim = await client
      .get(persistentVolumeClaimKind, { namespace, name: claimName })
      .catch((error: unknown) => {
        throw failed(`failed to fetch PVC from API server: ${textOf(error)}`, error);
      });
    const foreign = isEphemeral ? foreignClaim(pod, claim) : undefined;
    if (foreign !== undefined) throw unprocessed(foreign);
    const unusable = claimRefusal(claim);
    if (unusable !== undefined) throw failed(unusable);
    const name = claim.spec.volumeName ?? "";
    const volume = await client.get(persistentVolumeKind, { name }).catch((error: unknown) => {
      throw failed(`failed to fetch PV ${goQuote(name)} from API server: ${textOf(error)}`, error);
    });
    const refusal = volumeRefusal(volume, { claim, pod, volumeName });
    if (refusal !== undefined) throw failed(refusal);
    const needsNode = volume.spec.nodeAffinity !== undefined;
    const unmountable = mountRefusal(volume, needsNode ? await client.get(nodeKind, { name: nodeName }) : undefined);
    if (unmountable !== undefined) throw new VolumeError(unmountable);
    return volume;
  }

  return {
    async volumeOf(pod, claim) {
      const { uid } = pod.metadata;
      const volume = foundByPod.get(uid)?.get(claim.volumeName) ?? (await find(pod, claim));
      // Others of the pod may have been found meanwhile.
      const ofPod = foundByPod.get(uid) ?? new Map<string, PersistentVolume>();
      foundByPod.set(uid, ofPod.set(claim.volumeName, volume));
      return volume;
    },
    forget: (podUid) => foundByPod.delete(podUid),
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
