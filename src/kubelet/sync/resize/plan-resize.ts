import type { Container, ResourceRequirements } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { RuntimeContainer } from "../../runtime/pod-runtime.ts";
import type { PodState } from "../pod-state.ts";
import { newest } from "../pod-state.ts";
import type { EventStep } from "../pod-steps.ts";
import { amount, changedResources, madeWith, resizableContainers } from "./container-resources.ts";
import type { PodResize } from "./pod-resize.ts";
import { resizeMessage } from "./resize-message.ts";

/** A running container that gets other resources. */
export interface ContainerUpdate {
  readonly containerId: string;
  readonly name: string;
  readonly resources: ResourceRequirements;
  /** The new limit in bytes, where it is lower than the one before. */
  readonly lowersMemoryTo: number | undefined;
}

/** What running containers need to have the resources that are set aside for them. */
export interface ResizePlan {
  readonly resize: PodResize;
  readonly events: readonly EventStep[];
  /** Ids of containers that have to start again for it. */
  readonly restarts: ReadonlySet<string>;
  /** A restart of the kubelet must not forget that the change is over. */
  readonly mustWrite: boolean;
  /** In the order in which to carry them out: those that give something back go first. */
  readonly updates: readonly ContainerUpdate[];
}

const NOTHING: Omit<ResizePlan, "resize"> = { events: [], mustWrite: false, restarts: new Set(), updates: [] };

/**
 * Plans the changes of running containers.
 *
 * @param pod - With the resources that are set aside.
 */
export function planResize(pod: Pod, state: PodState, resize: PodResize): ResizePlan {
  const running = new Set(state.containers.filter((c) => c.state === "running").map((c) => c.id));
  const given = new Map([...resize.given].filter(([id]) => running.has(id)));
  const known = given.size === resize.given.size ? resize : { ...resize, given };
  const differences = resizableContainers(pod).flatMap((container) => {
    const instance = newest(state, container.name);
    if (instance?.state !== "running") return [];
    const before = actualResources(instance, known) ?? container.resources;
    const changed = changedResources(before, container.resources);
    return changed.length === 0 ? [] : [{ container, instance, before, changed }];
  });
  const { generation } = pod.metadata;
  if (differences.length === 0) {
    if (known.inProgress === undefined) return { ...NOTHING, resize: known };
    const message = resizeMessage("Pod resize completed", pod, known.inProgress.generation);
    return {
      ...NOTHING,
      resize: { ...known, inProgress: undefined, retry: undefined },
      events: [{ do: "record-event", type: "Normal", reason: "ResizeCompleted", message }],
      mustWrite: true,
    };
  }
  const [restarting, updated] = [true, false].map((wanted) =>
    differences.filter(({ container, changed }) => restarts(container, changed) === wanted),
  );
  return {
    ...NOTHING,
    resize: { ...known, inProgress: known.inProgress ?? { generation, error: undefined } },
    restarts: new Set(restarting?.map(({ instance }) => instance.id)),
    updates: (updated ?? [])
      .map(({ container, instance, before }) => updateOf(container, instance, before))
      .toSorted((a, b) => Number(b.lowersMemoryTo !== undefined) - Number(a.lowersMemoryTo !== undefined)),
  };
}

/** Returns the resources that a running instance has; undefined for one that was made without saying so. */
export function actualResources(
  instance: Pick<RuntimeContainer, "id" | "annotations">,
  { given }: PodResize,
): ResourceRequirements | undefined {
  return given.get(instance.id) ?? madeWith(instance);
}

function restarts({ resizePolicy = [] }: Container, changed: readonly string[]): boolean {
  return resizePolicy.some(
    ({ resourceName, restartPolicy }) => restartPolicy === "RestartContainer" && changed.includes(resourceName),
  );
}

function updateOf(
  { name, resources }: Container,
  { id: containerId }: RuntimeContainer,
  before: ResourceRequirements,
): ContainerUpdate {
  const [then, now] = [before, resources].map((of) => amount(of, "limits", "memory"));
  const isLower = now !== undefined && then !== undefined && now > 0 && (then === 0 || now < then);
  return { containerId, name, resources, lowersMemoryTo: isLower ? now : undefined };
}
