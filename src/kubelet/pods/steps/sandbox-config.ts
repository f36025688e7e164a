import { mkdir } from "node:fs/promises";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podReference } from "../../events/references.ts";
import { kernelHostname, podHostname } from "../../network-files/hostname.ts";
import { podDns } from "../../network-files/pod-dns.ts";
import type { SandboxConfig } from "../../runtime/pod-runtime.ts";
import { podLogFolder } from "../../volumes/pod-paths.ts";
import type { KubeletContext } from "../kubelet-context.ts";
import { podCgroup } from "../pod-cgroup.ts";

/**
 * Returns how a pod's sandbox is to be made. Makes the folder for its logs, and events about settings that do not fit.
 *
 * @throws {Error} when the pod's name does not fit into the kernel's.
 */
export async function sandboxConfig(pod: Pod, attempt: number, context: KubeletContext): Promise<SandboxConfig> {
  const { clusterDNS, clusterDomain, cgroupParent, podLogsDir, simulated } = context;
  const logDirectory = podLogFolder(podLogsDir, pod.metadata);
  const hostname = kernelHostname(pod, podHostname(pod, clusterDomain));
  if (!simulated) await mkdir(logDirectory, { recursive: true, mode: 0o755 });
  const { problems, ...dns } = podDns(pod, { node: await context.nodeDns(), clusterDNS, clusterDomain });
  for (const problem of problems) context.events.record(podReference(pod), { type: "Warning", ...problem });
  return {
    pod,
    attempt,
    hostname,
    logDirectory,
    dns,
    cgroupParent: podCgroup(cgroupParent, pod.metadata.uid),
  };
}
