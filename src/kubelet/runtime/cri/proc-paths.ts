/**
 * Paths that hide hardware and kernel details from containers. Upstream's `pkg/securitycontext` has the same list.
 * The runtime skips paths that the machine does not have.
 */
const MASKED = [
  "/proc/asound",
  "/proc/acpi",
  "/proc/interrupts",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/proc/sched_debug",
  "/proc/scsi",
  "/sys/firmware",
  "/sys/devices/virtual/powercap",
];

/** Settings of the machine's kernel. Containers may read them. */
const READ_ONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

/** CRI's protection of `/proc` and `/sys` in a container. */
export interface ProcPaths {
  readonly maskedPaths: readonly string[];
  readonly readonlyPaths: readonly string[];
}

/**
 * Returns the paths to mask and to mount read-only, by the container's `procMount`. A privileged container gets the same
 * lists, as upstream's: the runtime ignores them for it.
 *
 * @param procMount - Absent: `Default`.
 * @param thermalThrottlePaths - The machine's folders with counters of thermal throttling, one per CPU.
 */
export function procPaths(procMount: string | undefined, thermalThrottlePaths: readonly string[]): ProcPaths {
  if (procMount === "Unmasked") return { maskedPaths: [], readonlyPaths: [] };
  return { maskedPaths: [...MASKED, ...thermalThrottlePaths], readonlyPaths: READ_ONLY };
}

/**
 * Returns the CPUs of a kernel's CPU list, the format of `/sys/devices/system/cpu/possible`: `0-2,5`.
 * Undefined for any other text, and for lists of more than {@link CPUS_MAX} CPUs.
 */
export function parseCpuList(text: string): readonly number[] | undefined {
  const cpus: number[] = [];
  for (const range of text.trim().split(",")) {
    const [, first = "", last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range) ?? [];
    if (first === "") return undefined;
    for (let cpu = Number(first); cpu <= Number(last); cpu += 1) cpus.push(cpu);
    if (cpus.length > CPUS_MAX) return undefined;
  }
  return cpus;
}

/** Limit of the kernel itself (`NR_CPUS` on x86). */
const CPUS_MAX = 8_192;
