const IPC = [
  "kernel.shm",
  "kernel.msg",
  "kernel.sem",
  "kernel.shmall",
  "kernel.shmmax",
  "kernel.shmmni",
  "kernel.shm_rmid_forced",
  "kernel.msgmax",
  "kernel.msgmnb",
  "kernel.msgmni",
];

/**
 * Returns the Linux namespace that a kernel setting belongs to; undefined for a setting of the whole machine.
 * Upstream's `component-helpers/node/util/sysctl` has the same list.
 */
export function sysctlNamespace(name: string): "IPC" | "Net" | undefined {
  const normalized = normalizeSysctl(name);
  if (normalized.startsWith("net.")) return "Net";
  return IPC.includes(normalized) || normalized.startsWith("fs.mqueue.") ? "IPC" : undefined;
}

/**
 * Returns a kernel setting's name with dots as separators: `net/ipv4/conf/eth0.1` becomes `net.ipv4.conf.eth0/1`.
 * The first separator in a name decides whether dots or slashes separate. See sysctl.d(5).
 */
export function normalizeSysctl(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  if (first !== "/") return name;
  return name.replaceAll(/[./]/g, (separator) => (separator === "/" ? "." : "/"));
}
