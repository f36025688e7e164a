import { readFile } from "node:fs/promises";

/** USER_HZ, the unit of processor time in `/proc/PID/stat` (proc(5)). */
const TICKS_PER_SECOND = 100;

/** Processor seconds that some processes have used, all their threads together. */
export async function processorSeconds(pids: readonly number[]): Promise<number> {
  const seconds = await Promise.all(
    pids.map(async (pid) => {
      const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).replace(/^.*\) /s, "").split(" ");
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    }),
  );
  return sum(seconds);
}

/** Memory of some processes (PSS), in MiB. */
export async function memoryMiB(pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
      return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) / 1024;
    }),
  );
  return sum(sizes);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
