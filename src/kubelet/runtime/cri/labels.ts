import type { Pod } from "@fairlead/api/core/v1/pod/pod";

/** Labels by which sandboxes and containers are found again; upstream's names, so that its tools find them too. */
export const LABEL = {
  podName: "io.kubernetes.pod.name",
  podNamespace: "io.kubernetes.pod.namespace",
  podUid: "io.kubernetes.pod.uid",
  containerName: "io.kubernetes.container.name",
} as const;

/** What a pod's sandbox is labelled with: the pod's own labels, and who it is. */
export function sandboxLabels(pod: Pod): Record<string, string> {
  return { ...pod.metadata.labels, ...podIdentity(pod) };
}

/** What a container is labelled with. */
export function containerLabels(pod: Pod, containerName: string): Record<string, string> {
  return { ...podIdentity(pod), [LABEL.containerName]: containerName };
}

function podIdentity(pod: Pod): Record<string, string> {
  return {
    [LABEL.podName]: pod.metadata.name,
    [LABEL.podNamespace]: pod.metadata.namespace ?? "",
    [LABEL.podUid]: pod.metadata.uid,
  };
}
