import { readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import type { NodePods } from "../node-pods.ts";
import type { PodRuntime } from "../runtime/pod-runtime.ts";
import { allContainers } from "../sync/pod-state.ts";
import { rotatedName, surplus } from "./rotation-plan.ts";

const INTERVAL_MS = 10_000;
const SIZE_MAX_BYTES = 10 * 1024 * 1024;
/** Files per container, the current one included. */
const FILES_MAX = 5;

/** Whose logs are rotated. */
export interface LogRotationOptions {
  readonly pods: NodePods;
  readonly runtime: Pick<PodRuntime, "reopenContainerLog">;
  readonly podLogsDir: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Keeps log files small: one that has grown beyond 10 MiB is moved aside, and of those moved aside four are kept. */
export function startLogRotation({ pods, runtime, clock, log }: LogRotationOptions): Running {
  async function rotate(file: string, containerId: string): Promise<void> {
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    if (size < SIZE_MAX_BYTES) return;

    const aside = rotatedName(file, clock.now());
    await rename(file, aside);
    try {
      await runtime.reopenContainerLog(containerId);
    } catch (error) {
      // Nothing may be lost: the container writes on where it wrote before.
      await rename(aside, file);
      throw error;
    }
    const folder = path.dirname(file);
    for (const name of surplus(await readdir(folder), path.basename(file), FILES_MAX - 1))
      await rm(path.join(folder, name));
  }

  async function turn(): Promise<number> {
    for (const pod of pods.list()) {
      for (const { container } of allContainers(pod)) {
        const file = pods.logPath(pod, container.name, false);
        const id = pods.containerId(pod, container.name);
        if (file === undefined || id === undefined) continue;
        await rotate(file, id).catch((error: unknown) => log.warn("Cannot rotate a log file", { file, error }));
      }
    }
    return INTERVAL_MS;
  }

  return startLoop({ turn, clock });
}
