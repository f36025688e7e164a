import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { normalizeSysctl, sysctlNamespace } from "@fairlead/api/core/v1/pod/sysctl-namespace";
import type { WaitingReason } from "../../status/container-status.ts";

/** Settings of namespaces that change nothing for other pods. Upstream's list. */
const SAFE = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];

/** Refuses kernel settings that are not safe, and those of namespaces that the pod shares with the machine. */
export function sysctlRefusal({ spec }: Pod): WaitingReason | undefined {
  for (const { name: written } of spec.securityContext.sysctls ?? []) {
    const name = normalizeSysctl(written);
    const why = sysctlProblem(name, spec);
    if (why !== undefined) return { reason: "SysctlForbidden", message: `forbidden sysctl: "${name}" ${why}` };
  }
  return undefined;
}

function sysctlProblem(name: string, { hostIPC, hostNetwork }: Pod["spec"]): string | undefined {
  if (!SAFE.includes(name)) return "not allowlisted";
  const namespace = sysctlNamespace(name);
  const isHosts = namespace === "IPC" ? hostIPC : hostNetwork;
  return isHosts === true ? `not allowed with host ${namespace} enabled` : undefined;
}
