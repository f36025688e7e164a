import type { Container } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { RuntimeContainer, Sandbox } from "../runtime/pod-runtime.ts";

/** What the runtime has of one pod. */
export interface PodState {
  /** Newest first. */
  readonly sandboxes: readonly Sandbox[];
  /** Newest first; with their statuses. */
  readonly containers: readonly RuntimeContainer[];
  /** Of the newest sandbox. Empty on the node's network. */
  readonly ips: readonly string[];
  /** Ids of containers that the kubelet has stopped to start them again, however they end. Default: none. */
  readonly restarting?: ReadonlySet<string>;
}

/** Of a pod that the runtime does not know. */
export const NOTHING_RUNNING: PodState = { sandboxes: [], containers: [], ips: [] };

/** A container of a pod's spec, of whichever of its three lists. */
export type AnyContainer = Container & { readonly targetContainerName?: string | undefined };

/** Regular containers, init containers, ephemeral containers. */
export type ContainerRole = "container" | "init" | "ephemeral";

/** The newest instance of a container. */
export function newest(state: PodState, name: string): RuntimeContainer | undefined {
  return state.containers.find((c) => c.name === name);
}

/** Whether the kubelet has stopped the instance to start its container again. */
export function isRestarting({ restarting }: PodState, { id }: Pick<RuntimeContainer, "id">): boolean {
  return restarting?.has(id) === true;
}

/** Whether an init container goes on running beside the others. */
export function isSidecar(container: Pick<Container, "restartPolicy">): boolean {
  return container.restartPolicy === "Always";
}

/** The pod's ephemeral containers as ordinary ones, with the defaults that the API leaves out for them. */
export function ephemeralContainers(pod: Pod): readonly AnyContainer[] {
  return (pod.spec.ephemeralContainers ?? []).map((c) => ({
    ...c,
    name: c.name ?? "",
    image: c.image ?? "",
    resources: c.resources ?? {},
    imagePullPolicy:
      c.imagePullPolicy === "Always" || c.imagePullPolicy === "Never" ? c.imagePullPolicy : "IfNotPresent",
    terminationMessagePath: c.terminationMessagePath ?? "/dev/termination-log",
    terminationMessagePolicy: c.terminationMessagePolicy === "FallbackToLogsOnError" ? "FallbackToLogsOnError" : "File",
  }));
}

/** Every container of the pod with its role: init containers first, in the order in which they start. */
export function allContainers(pod: Pod): readonly { readonly role: ContainerRole; readonly container: AnyContainer }[] {
  return [
    ...(pod.spec.initContainers ?? []).map((container) => ({ role: "init" as const, container })),
    ...pod.spec.containers.map((container) => ({ role: "container" as const, container })),
    ...ephemeralContainers(pod).map((container) => ({ role: "ephemeral" as const, container })),
  ];
}

/** The container of that name, of whichever role. */
export function containerNamed(pod: Pod, name: string): AnyContainer | undefined {
  return allContainers(pod).find(({ container }) => container.name === name)?.container;
}
