import type { PodState } from "./pod-state.ts";
import type { ClearStep } from "./pod-steps.ts";

/** Instances kept of each container: the current one, and the previous one for `kubectl logs --previous`. */
const INSTANCES_KEPT = 2;

/** Returns the removal of old container instances with their logs, and then of sandboxes without containers. */
export function planGarbage({ containers, sandboxes }: PodState): readonly (readonly ClearStep[])[] {
  const old = containers.filter((container) => {
    const newer = containers.filter((c) => c.name === container.name).indexOf(container);
    return newer >= INSTANCES_KEPT && container.state !== "running";
  });
  const unused = sandboxes.slice(1).filter((s) => !s.ready && !containers.some((c) => c.sandboxId === s.id));
  const groups: readonly (readonly ClearStep[])[] = [
    old.map(({ id: containerId, name, attempt }) => ({ do: "remove-container", containerId, logs: { name, attempt } })),
    unused.map(({ id: sandboxId }) => ({ do: "remove-sandbox", sandboxId })),
  ];
  return groups.filter((group) => group.length > 0);
}
