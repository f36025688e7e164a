import { readdir, rm } from "node:fs/promises";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { StatusError } from "@fairlead/api/status-error";
import type { ClearStep, ContainerLogs } from "../../sync/pod-steps.ts";
import { withCleared } from "../../sync/record/pod-record.ts";
import { podLogFolder } from "../../volumes/pod-paths.ts";
import { removePodFolder } from "../../volumes/remove-pod-folder.ts";
import type { KubeletContext } from "../kubelet-context.ts";
import { podCgroup, removeCgroup } from "../pod-cgroup.ts";
import type { PodWork } from "../pod-work.ts";
import { writeRecord } from "../record-file.ts";

/** Removes a part of a pod, or writes the record file. */
export async function clearAway(step: ClearStep, work: PodWork, context: KubeletContext): Promise<void> {
  switch (step.do) {
    case "remove-container":
      await context.runtime.removeContainer(step.containerId);
      if (step.logs !== undefined) await removeInstanceLogs(step.logs, work, context);
      return;
    case "remove-sandbox":
      return await context.runtime.removeSandbox(step.sandboxId);
    case "release-holds":
      releaseHolds(work, context);
      work.record = withCleared(work.record, "holds");
      return;
    case "store-status":
      await storeStatus(work);
      work.record = withCleared(work.record, "status");
      return;
    case "remove-files":
      await removeFiles(work, context);
      work.record = withCleared(work.record, "files");
      return;
    case "remove-object":
      await removeObject(work, context);
      work.record = withCleared(work.record, "object");
      return;
    case "remove-logs":
      if (!context.simulated) await rm(logFolder(work, context), { recursive: true, force: true });
      work.record = withCleared(work.record, "logs");
      return;
    case "write-record":
      if (!context.simulated) await writeRecord(work.paths, work.record, context.clock);
  }
}

/** Waits until the status is stored. Throws when the kubelet stops first: later steps must not be carried out then. */
async function storeStatus({ writer, stopping }: PodWork): Promise<void> {
  await writer.settled();
  stopping.signal.throwIfAborted();
}

function releaseHolds({ pod, probes, holder }: PodWork, { tokens, claims, watchers }: KubeletContext): void {
  probes.stop();
  tokens.forget(pod.metadata.uid);
  claims.forget(pod.metadata.uid);
  watchers.configMaps.release(holder);
  watchers.secrets.release(holder);
}

/** Removes the volumes and the cgroup of a pod without running containers. Logs are kept. */
async function removeFiles({ pod, paths }: PodWork, { simulated, cgroupParent }: KubeletContext): Promise<void> {
  if (simulated) return;
  await removePodFolder(paths.pod);
  await removeCgroup(podCgroup(cgroupParent, pod.metadata.uid));
}

/** Removes the pod's object, once its last status is stored. */
async function removeObject(work: PodWork, { client }: KubeletContext): Promise<void> {
  await storeStatus(work);
  const { pod } = work;
  const { namespace, name, uid } = pod.metadata;
  try {
    await client.delete(podKind, { namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } });
  } catch (error) {
    // Gone already, or another pod of that name: both are what was wanted.
    if (!(error instanceof StatusError) || !["NotFound", "Conflict"].includes(error.reason)) throw error;
  }
}

async function removeInstanceLogs(
  { name, attempt }: ContainerLogs,
  work: PodWork,
  context: KubeletContext,
): Promise<void> {
  const folder = `${logFolder(work, context)}/${name}`;
  const logs = context.simulated ? [] : await readdir(folder).catch(() => []);
  // With those that were moved aside: `3.log.20260102-030405`.
  for (const file of logs) if (file.startsWith(`${attempt}.log`)) await rm(`${folder}/${file}`, { force: true });
}

function logFolder({ pod }: PodWork, { podLogsDir }: KubeletContext): string {
  return podLogFolder(podLogsDir, pod.metadata);
}
