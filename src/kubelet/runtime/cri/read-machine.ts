import { access, readFile } from "node:fs/promises";
import os from "node:os";
import type { CriMachine } from "./pod-config.ts";
import { parseCpuList } from "./proc-paths.ts";

/** The bit of CAP_SYS_RESOURCE in a process's set of capabilities. */
const CAP_SYS_RESOURCE = 24n;
const LOWEST_OF_ALL = -1000;
const CPU_FOLDER = "/sys/devices/system/cpu";

/**
 * What of this machine and this process goes into containers' settings.
 *
 * @param rootDir - The kubelet's folder: `Localhost` seccomp profiles lie in `seccomp` under it.
 */
export async function readCriMachine(rootDir: string): Promise<CriMachine> {
  const [status, ownScore, throttlePaths] = await Promise.all([
    readFile("/proc/self/status", "utf8").catch(() => ""),
    readFile("/proc/self/oom_score_adj", "utf8").catch(() => "0"),
    thermalThrottlePaths(),
  ]);
  return {
    memoryBytes: os.totalmem(),
    oomScoreAdjLowest: mayLower(status) ? LOWEST_OF_ALL : Number(ownScore),
    seccompFolder: `${rootDir}/seccomp`,
    thermalThrottlePaths: throttlePaths,
  };
}

/** Returns the folders with counters of thermal throttling that this machine has. They let containers watch each other. */
async function thermalThrottlePaths(): Promise<readonly string[]> {
  const possible = await readFile(`${CPU_FOLDER}/possible`, "utf8").catch(() => "");
  const cpus = parseCpuList(possible) ?? os.cpus().map((_, cpu) => cpu);
  const paths = cpus.map((cpu) => `${CPU_FOLDER}/cpu${cpu}/thermal_throttle`);
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => found[index]);
}

/** Whether a process with this `/proc/PID/status` may give a lower `oom_score_adj` than its own. */
export function mayLower(processStatus: string): boolean {
  const effective = /^CapEff:\s+([0-9a-f]+)$/m.exec(processStatus)?.[1];
  return effective !== undefined && ((BigInt(`0x${effective}`) >> CAP_SYS_RESOURCE) & 1n) === 1n;
}
