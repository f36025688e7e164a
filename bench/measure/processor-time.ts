import { readdir, readFile } from "node:fs/promises";

/** USER_HZ: the unit of times in `/proc/PID/stat`, per second (proc(5)). */
const TICKS_PER_SECOND = 100;

/**
 * Processor seconds used so far by every process of the lab, ended ones included, but for this one.
 *
 * Read from the lab's own cgroup, which is the root of what is seen in `/sys/fs/cgroup`.
 */
export async function labSeconds(): Promise<number> {
  const own = process.cpuUsage();
  return (await cgroupSeconds()) - (own.user + own.system) / 1e6;
}

async function cgroupSeconds(): Promise<number> {
  const v1 = await readFile("/sys/fs/cgroup/cpuacct/cpuacct.usage", "utf8").catch(() => undefined);
  if (v1 !== undefined) return Number(v1) / 1e9;
  const v2 = await readFile("/sys/fs/cgroup/cpu.stat", "utf8");
  return Number(/^usage_usec (\d+)$/m.exec(v2)?.[1]) / 1e6;
}

/** What one process has used so far. */
export interface ProcessUse {
  /** The program's name; of Fairlead's own, the last word of the command: `server`, `node`, `dns`, `supervise`. */
  readonly name: string;
  /** Processor seconds, with those of its children that have ended. */
  readonly seconds: number;
  /** Bytes that it caused to be written to a disk (`write_bytes` of proc(5)). */
  readonly writtenBytes: number;
}

/** Every process of the lab but this one, by number. */
export async function labProcesses(): Promise<ReadonlyMap<number, ProcessUse>> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.filter((pid) => pid !== process.pid).map(async (pid) => [pid, await processUse(pid)] as const),
  );
  return new Map(found.flatMap(([pid, use]) => (use === undefined ? [] : [[pid, use] as const])));
}

/** Undefined when it has ended meanwhile. */
async function processUse(pid: number): Promise<ProcessUse | undefined> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, "utf8");
  try {
    const [stat, words, io] = await Promise.all([read("stat"), read("cmdline"), read("io")]);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    const own = /\/cli\/main\.js\0(?:run\0)?(\w+)/.exec(words)?.[1];
    return {
      name: own ?? stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")")),
      seconds: ticks / TICKS_PER_SECOND,
      writtenBytes: Number(/^write_bytes: (\d+)$/m.exec(io)?.[1]),
    };
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

/** What programs have used between two looks, by name, most first. */
export function usedBetween(
  before: ReadonlyMap<number, ProcessUse>,
  after: ReadonlyMap<number, ProcessUse>,
): readonly ProcessUse[] {
  const byName = new Map<string, ProcessUse>();
  for (const [pid, { name, seconds, writtenBytes }] of after) {
    const [past, sum] = [before.get(pid), byName.get(name)];
    byName.set(name, {
      name,
      seconds: (sum?.seconds ?? 0) + seconds - (past?.seconds ?? 0),
      writtenBytes: (sum?.writtenBytes ?? 0) + writtenBytes - (past?.writtenBytes ?? 0),
    });
  }
  return [...byName.values()].sort((a, b) => b.seconds - a.seconds);
}
