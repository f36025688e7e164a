import path from "node:path";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Cache } from "@fairlead/client/cache/cache";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import type { NodePods } from "../node-pods.ts";
import { newest } from "../sync/pod-state.ts";
import { podLogFolder } from "../volumes/pod-paths.ts";
import type { KubeletContext } from "./kubelet-context.ts";
import { removeOrphans } from "./orphans.ts";
import type { PodWorker } from "./pod-worker.ts";
import { createPodWorker } from "./pod-worker.ts";

const ORPHANS_INTERVAL_MS = 60_000;

/** Looks after all pods of the node: a worker for each, by uid. */
export interface PodWorkers extends Running {
  readonly pods: NodePods;
  /** Something that all pods wait for is there: the network. */
  wakeAll(): void;
}

/**
 * @param cache - The pods that are assigned to this node.
 * @param onGone - Called when nothing is left of a pod.
 */
export function startPodWorkers(
  cache: Cache<Pod>,
  context: KubeletContext,
  onGone: (pod: Pod) => void = () => {},
): PodWorkers {
  const workers = new Map<string, PodWorker>();

  function start(pod: Pod): void {
    const worker = createPodWorker(pod, context);
    workers.set(pod.metadata.uid, worker);
    worker.gone.then(() => {
      workers.delete(pod.metadata.uid);
      onGone(pod);
    });
  }

  const unsubscribe = cache.onChange(({ before, after }) => {
    if (before !== undefined && before.metadata.uid !== after?.metadata.uid) workers.get(before.metadata.uid)?.remove();
    if (after === undefined) return;
    const worker = workers.get(after.metadata.uid);
    if (worker === undefined) start(after);
    else worker.update(after);
  });
  const unsubscribeRuntime = context.runtime.onChange((uid) => workers.get(uid)?.wake());

  async function sweep(): Promise<number> {
    await removeOrphans(workers, context).catch((error: unknown) => {
      context.log.warn("Cannot remove the remains of deleted pods: trying again", { error });
    });
    return ORPHANS_INTERVAL_MS;
  }
  const sweeping = startLoop({ turn: sweep, ready: cache.synced, clock: context.clock });

  return {
    ...running(async () => {
      unsubscribe();
      unsubscribeRuntime();
      await Promise.all([sweeping.stop(), ...[...workers.values()].map((worker) => worker.stop())]);
    }),
    pods: nodePods(workers, context.podLogsDir),
    wakeAll: () => {
      for (const worker of workers.values()) worker.networkChanged();
    },
  };
}

function nodePods(workers: ReadonlyMap<string, PodWorker>, podLogsDir: string): NodePods {
  const shown = ({ pod, status }: PodWorker): Pod => ({ ...pod, status });
  return {
    list: () => [...workers.values()].map(shown),

    find(namespace, name) {
      const found = [...workers.values()].filter(
        ({ pod }) => pod.metadata.namespace === namespace && pod.metadata.name === name,
      );
      // Of two pods of one name, the older one is on its way out.
      const worker = found.at(-1);
      return worker === undefined ? undefined : shown(worker);
    },

    containerId(pod, containerName) {
      const worker = workers.get(pod.metadata.uid);
      return worker === undefined ? undefined : newest(worker.state, containerName)?.id;
    },

    logPath(pod, containerName, previous) {
      const instances = workers.get(pod.metadata.uid)?.state.containers.filter((c) => c.name === containerName);
      const instance = instances?.[previous ? 1 : 0];
      if (instance === undefined) return undefined;
      return path.join(podLogFolder(podLogsDir, pod.metadata), containerName, `${instance.attempt}.log`);
    },

    sandboxId: (pod) => workers.get(pod.metadata.uid)?.state.sandboxes[0]?.id,
  };
}
