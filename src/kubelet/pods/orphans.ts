import { readdir, rm } from "node:fs/promises";
import { settleAll } from "@fairlead/lib/settle-all";
import type { KnownPods } from "../sync/is-orphan.ts";
import { isOrphan, isOrphanedLogFolder, isOrphanedPodFolder } from "../sync/is-orphan.ts";
import { removePodFolder } from "../volumes/remove-pod-folder.ts";
import type { KubeletContext } from "./kubelet-context.ts";
import { podCgroup, removeCgroup } from "./pod-cgroup.ts";

/** What the last signal has time for, in seconds. */
const GRACE_SECONDS = 2;

/**
 * Ends and removes what is left of pods that the API no longer has: containers, sandboxes, volumes, logs.
 *
 * @param known - The uids of all pods with a worker. Must be complete: everything else goes. It is asked at
 *   the last moment: pods may come while this goes on.
 */
export async function removeOrphans(known: KnownPods, context: KubeletContext): Promise<void> {
  const { runtime, lists, log, simulated, rootDir, podLogsDir } = context;
  const { sandboxes, containers } = await lists.fresh();
  const stopping = containers.filter((c) => isOrphan(known, c));
  await settleAll(
    stopping.filter((c) => c.state === "running").map(({ id }) => runtime.stopContainer(id, GRACE_SECONDS)),
  );
  for (const { id } of stopping) await runtime.removeContainer(id);
  for (const { id, podUid, podName, podNamespace } of sandboxes) {
    if (!isOrphan(known, { podUid })) continue;
    log.info("Removing the remains of a pod that the API server does not have", {
      namespace: podNamespace,
      name: podName,
      uid: podUid,
    });
    await runtime.stopSandbox(id);
    await runtime.removeSandbox(id);
  }
  if (simulated) return;

  for (const uid of await namesIn(`${rootDir}/pods`)) {
    if (!isOrphanedPodFolder(known, uid)) continue;
    await removePodFolder(`${rootDir}/pods/${uid}`);
    await removeCgroup(podCgroup(context.cgroupParent, uid));
  }
  for (const name of await namesIn(podLogsDir)) {
    if (!isOrphanedLogFolder(known, name)) continue;
    await rm(`${podLogsDir}/${name}`, { recursive: true, force: true });
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
