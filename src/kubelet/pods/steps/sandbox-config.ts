import { mkdir } from "node:fs/promises";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { kernelHostname, podHostname } from "../../network-files/hostname.ts";
import { podDns } from "../../network-files/pod-dns.ts";
import type { SandboxConfig } from "../../runtime/pod-runtime.ts";
import { podLogFolder } from "../../volumes/pod-paths.ts";
import type { KubeletContext } from "../kubelet-context.ts";
import { podCgroup } from "../pod-cgroup.ts";

/** How a pod's sandbox is to be made. Makes the folder for its logs. */
export async function sandboxConfig(pod: Pod, attempt: number, context: KubeletContext): Promise<SandboxConfig> {
  const { clusterDNS, clusterDomain, cgroupParent, podLogsDir, simulated } = context;
  const logDirectory = podLogFolder(podLogsDir, pod.metadata);
  if (!simulated) await mkdir(logDirectory, { recursive: true, mode: 0o755 });
  return {
    pod,
    attempt,
    hostname: kernelHostname(pod, podHostname(pod, clusterDomain)),
    logDirectory,
    dns: podDns(pod, { node: await context.nodeDns(), clusterDNS, clusterDomain }),
    cgroupParent: podCgroup(cgroupParent, pod.metadata.uid),
  };
}
