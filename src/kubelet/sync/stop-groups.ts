import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { RuntimeContainer } from "../runtime/pod-runtime.ts";
import type { PodState } from "./pod-state.ts";
import { isSidecar } from "./pod-state.ts";
import type { ContainerStop } from "./pod-steps.ts";

/** Returns the containers that have to be stopped before a pod has ended. */
export function livingContainers({ containers }: PodState): readonly RuntimeContainer[] {
  return containers.filter((c) => c.state === "running" || c.state === "unknown");
}

/** Returns how all containers of a pod are ended: the regular ones side by side, then the sidecars from the last to the first. */
export function stopGroups(pod: Pod, state: PodState, deadlineMs: number): readonly (readonly ContainerStop[])[] {
  const living = livingContainers(state);
  const sidecars = (pod.spec.initContainers ?? [])
    .filter(isSidecar)
    .toReversed()
    .map((spec) => living.filter((c) => c.name === spec.name));
  const regular = living.filter((c) => !sidecars.flat().includes(c));
  return [regular, ...sidecars]
    .filter((group) => group.length > 0)
    .map((group) =>
      group.map(({ id: containerId, name }) => {
        return { do: "stop-container", containerId, name, message: `Stopping container ${name}`, deadlineMs };
      }),
    );
}
