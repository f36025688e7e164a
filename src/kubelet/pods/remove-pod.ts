import { rm } from "node:fs/promises";
import { podKind } from "../../api/core/v1/pod/pod.ts";
import { StatusError } from "../../api/status-error.ts";
import { podLogFolder } from "../volumes/pod-paths.ts";
import { removePodFolder } from "../volumes/remove-pod-folder.ts";
import type { KubeletContext } from "./kubelet-context.ts";
import { podCgroup, removeCgroup } from "./pod-cgroup.ts";
import type { PodRecord } from "./pod-record.ts";

/** Removes the volumes and the cgroup of a pod without running containers. Logs are kept. */
export async function removeFiles(
  { pod, paths }: PodRecord,
  { simulated, cgroupParent }: KubeletContext,
): Promise<void> {
  if (simulated) return;
  await removePodFolder(paths.pod);
  await removeCgroup(podCgroup(cgroupParent, pod.metadata.uid));
}

/** Removes the pod's object, once its last status has been written: the last word of a deletion is the kubelet's. */
export async function removeFromApi({ pod, writer }: PodRecord, { client }: KubeletContext): Promise<void> {
  await writer.settled();
  const { namespace, name, uid } = pod.metadata;
  try {
    await client.delete(podKind, { namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } });
  } catch (error) {
    // Gone already, or another pod of that name: both are what was wanted.
    if (!(error instanceof StatusError) || !["NotFound", "Conflict"].includes(error.reason)) throw error;
  }
}

/** Removes containers, sandboxes and logs. */
export async function removeFromRuntime({ pod, state }: PodRecord, context: KubeletContext): Promise<void> {
  for (const { id } of state.containers) await context.runtime.removeContainer(id);
  for (const { id } of state.sandboxes) await context.runtime.removeSandbox(id);
  if (!context.simulated) await rm(podLogFolder(context.podLogsDir, pod.metadata), { recursive: true, force: true });
}
