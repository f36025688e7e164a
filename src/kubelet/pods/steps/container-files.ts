import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podHostname } from "../../network-files/hostname.ts";
import { hostNetworkHostsFile, podHostsFile } from "../../network-files/hosts-file.ts";
import type { Mount } from "../../runtime/pod-runtime.ts";
import type { AnyContainer } from "../../sync/pod-state.ts";
import type { PodPaths } from "../../volumes/pod-paths.ts";
import { makeTerminationFile } from "../termination-message.ts";

const HOSTS = "/etc/hosts";

/** The files the kubelet itself mounts into a container: `/etc/hosts`, and where to leave a last message. */
export async function containerFiles(
  pod: Pod,
  container: AnyContainer,
  {
    paths,
    attempt,
    podIPs,
    clusterDomain,
  }: {
    readonly paths: PodPaths;
    readonly attempt: number;
    readonly podIPs: readonly string[];
    readonly clusterDomain: string;
  },
): Promise<readonly Mount[]> {
  const mounts: Mount[] = [];
  // A container that mounts something there wants that.
  if (!(container.volumeMounts ?? []).some((mount) => mount.mountPath === HOSTS)) {
    await mkdir(path.dirname(paths.hosts), { recursive: true, mode: 0o750 });
    await writeFile(paths.hosts, await hostsText(pod, podIPs, clusterDomain), { mode: 0o644 });
    mounts.push(plain(paths.hosts, HOSTS));
  }
  if (container.terminationMessagePath !== "") {
    mounts.push(plain(await makeTerminationFile(paths, container.name, attempt), container.terminationMessagePath));
  }
  return mounts;
}

async function hostsText(pod: Pod, podIPs: readonly string[], clusterDomain: string): Promise<string> {
  const { hostAliases, hostNetwork } = pod.spec;
  if (hostNetwork !== true) return podHostsFile(podIPs, podHostname(pod, clusterDomain), hostAliases);
  return hostNetworkHostsFile(await readFile(HOSTS, "utf8").catch(() => ""), hostAliases);
}

function plain(hostPath: string, containerPath: string): Mount {
  return { hostPath, containerPath, readonly: false, propagation: "None" };
}
