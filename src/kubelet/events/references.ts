import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ObjectReference } from "@fairlead/api/core/v1/references";
import { referenceTo } from "@fairlead/client/events/event-recorder";
import { allContainers } from "../sync/pod-state.ts";

const fields = { container: "containers", init: "initContainers", ephemeral: "ephemeralContainers" } as const;

/** What an event about a pod, or about one of its containers, is about. */
export function podReference(pod: Pod, containerName?: string): ObjectReference {
  const role = allContainers(pod).find(({ container }) => container.name === containerName)?.role;
  return referenceTo(pod, role && `spec.${fields[role]}{${containerName}}`);
}

/** What an event about the node is about. Upstream gives the node's name for its uid. */
export function nodeReference(name: string): ObjectReference {
  return { kind: "Node", apiVersion: "v1", name, uid: name };
}
