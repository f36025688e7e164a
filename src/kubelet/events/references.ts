import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { ObjectReference } from "../../api/core/v1/references.ts";
import { allContainers } from "../sync/pod-state.ts";

const fields = { container: "containers", init: "initContainers", ephemeral: "ephemeralContainers" } as const;

/** What an event about a pod, or about one of its containers, is about. */
export function podReference({ metadata, ...pod }: Pod, containerName?: string): ObjectReference {
  const role = allContainers({ metadata, ...pod }).find(({ container }) => container.name === containerName)?.role;
  return {
    kind: "Pod",
    apiVersion: "v1",
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    ...(role !== undefined && { fieldPath: `spec.${fields[role]}{${containerName}}` }),
  };
}

/** What an event about the node is about. Upstream gives the node's name for its uid. */
export function nodeReference(name: string): ObjectReference {
  return { kind: "Node", apiVersion: "v1", name, uid: name };
}
