import { claimNames } from "../../api/core/v1/pod/pod-claims.ts";
import { podReference } from "../events/references.ts";
import type { PodObjects } from "../objects/pod-objects.ts";
import { fetchPodObjects } from "../objects/pod-objects.ts";
import type { MountedVolumes } from "../volumes/mounted-volume.ts";
import { prepareVolumes } from "../volumes/prepare-volumes.ts";
import type { KubeletContext } from "./kubelet-context.ts";
import type { PodRecord } from "./pod-record.ts";
import { retryMs } from "./retry.ts";

/** Longest pause of a pod with claims: of a claim a node hears only when it asks. */
const CLAIM_RETRY_MAX_MS = 5_000;

/** What a pod's volumes are made of. */
export interface VolumeInputs {
  readonly objects: PodObjects;
  /** How many changes the pod's record counted before the objects were read: they may have missed those that came since. */
  readonly asOf: number;
  readonly podIPs: readonly string[];
}

/**
 * Makes the pod's volumes, unless they are made. When they cannot be now the pod's owner is told, and they are as they
 * were made last: a pod goes on with the files of a ConfigMap that is gone. Undefined when they never were.
 */
export async function makeVolumes(
  record: PodRecord,
  { objects, asOf, podIPs }: VolumeInputs,
  context: KubeletContext,
): Promise<MountedVolumes | undefined> {
  const { pod, paths } = record;
  if (context.simulated) return new Map();
  if (areCurrent(record)) return record.volumes;
  const { tokens, claims, nodeIPs: hostIPs } = context;
  const warn = (reason: string, message: string) =>
    context.events.record(podReference(pod), { type: "Warning", reason, message });
  try {
    const addresses = { podIPs, hostIPs };
    record.volumes = await prepareVolumes(pod, {
      paths,
      objects,
      tokens,
      claims,
      addresses,
      allocatable: context.allocatable(),
      warn,
    });
    record.volumesAsOf = asOf;
    record.volumeFailures = 0;
  } catch (error) {
    record.volumeFailures += 1;
    warn("FailedMount", error instanceof Error ? error.message : String(error));
  }
  return record.volumes;
}

function areCurrent({ volumes, volumesAsOf, volumeChanges }: PodRecord): boolean {
  return volumes !== undefined && volumesAsOf === volumeChanges;
}

/** Brings running pods' files up to date. Answers in how many milliseconds they next have to be. */
export async function refreshVolumes(record: PodRecord, context: KubeletContext): Promise<number> {
  const { uid } = record.pod.metadata;
  const renewInMs = () => context.tokens.renewInMs(uid) ?? Number.POSITIVE_INFINITY;
  if (renewInMs() <= 0) record.volumeChanges += 1;
  if (!areCurrent(record) && record.state.sandboxes.some((s) => s.ready)) {
    const asOf = record.volumeChanges;
    const objects = await fetchPodObjects(record.pod, record.holder, {
      watchers: context.watchers,
      signal: record.ending.signal,
    });
    const inputs = { objects, asOf, podIPs: record.state.ips };
    await makeVolumes(record, inputs, context);
    if (record.volumeFailures > 0) return retryVolumesMs(record);
  }
  return Math.max(1_000, renewInMs());
}

/** In how many milliseconds volumes that could not be made are tried again. */
export function retryVolumesMs({ pod, volumeFailures }: PodRecord): number {
  const pauseMs = retryMs(volumeFailures);
  return claimNames(pod).length > 0 ? Math.min(CLAIM_RETRY_MAX_MS, pauseMs) : pauseMs;
}
