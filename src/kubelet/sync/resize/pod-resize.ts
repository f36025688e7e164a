import type { ResourceRequirements } from "@fairlead/api/core/v1/pod/container";
import type { Int64 } from "@fairlead/api/int64";
import type { ContainerResources } from "./container-resources.ts";

/** The kubelet's knowledge of the resources of one pod's containers. Part of its record. */
export interface PodResize {
  /** What the node has set aside. Undefined until the first look at the pod. */
  readonly allocated: ContainerResources | undefined;
  /** What running containers were given after they were made, by container id. */
  readonly given: ReadonlyMap<string, ResourceRequirements>;
  /** Why the node has not set aside what the spec asks for. */
  readonly pending: PendingResize | undefined;
  /** A change that was set aside, and that not all containers have yet. */
  readonly inProgress: ResizeInProgress | undefined;
  /** When to try again after containers could not be changed, by the monotonic clock; undefined without a failure. */
  readonly retry: { readonly count: number; readonly atMs: number } | undefined;
}

/** `Deferred` may become possible when other pods go, `Infeasible` cannot. */
export interface PendingResize {
  readonly reason: "Deferred" | "Infeasible";
  readonly message: string;
  /** Of the pod that asked for it. */
  readonly generation: Int64 | undefined;
}

/** A change of resources that is under way. */
export interface ResizeInProgress {
  readonly generation: Int64 | undefined;
  /** Why the last attempt failed. */
  readonly error: string | undefined;
}

/** Of a pod that is new to the kubelet. */
export const NO_RESIZE: PodResize = {
  allocated: undefined,
  given: new Map(),
  pending: undefined,
  inProgress: undefined,
  retry: undefined,
};

/** Notes that a running container has these resources now. */
export function withGiven(resize: PodResize, containerId: string, resources: ResourceRequirements): PodResize {
  return { ...resize, given: new Map(resize.given).set(containerId, resources) };
}

/** Notes that all containers of an attempt have their resources. */
export function withSuccess(resize: PodResize): PodResize {
  return { ...resize, retry: undefined };
}

/** Notes why an attempt failed, and when to try again. */
export function withFailure(resize: PodResize, error: string, retry: NonNullable<PodResize["retry"]>): PodResize {
  const { inProgress } = resize;
  return { ...resize, retry, inProgress: { generation: inProgress?.generation, error } };
}
