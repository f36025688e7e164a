import type { Pod } from "@fairlead/api/core/v1/pod/pod";

/** What the node's HTTPS endpoint needs to know about the pods on this node. The kubelet's pod workers implement it. */
export interface NodePods {
  /** Pods assigned to this node, as last seen from the API, with the kubelet's own newest status. */
  list(): readonly Pod[];
  find(namespace: string, name: string): Pod | undefined;
  /** The newest container of that name, running or not; init and ephemeral ones included. */
  containerId(pod: Pod, containerName: string): string | undefined;
  /** Absolute path of a container's log file; `previous` is the instance before. */
  logPath(pod: Pod, containerName: string, previous: boolean): string | undefined;
  sandboxId(pod: Pod): string | undefined;
}
