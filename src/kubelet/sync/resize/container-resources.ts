import type { Container, ResourceRequirements } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { milliValue, wholeValue } from "../../resources/quantity-value.ts";
import type { RuntimeContainer } from "../../runtime/pod-runtime.ts";
import { isSidecar } from "../pod-state.ts";

/** Requests and limits by the name of the container. */
export type ContainerResources = ReadonlyMap<string, ResourceRequirements>;

/** Annotation of a container: the resources that it was made with, as JSON. The runtime does not report them. */
export const RESOURCES_ANNOTATION = "fairlead.container.resources";

/** Returns the containers whose resources may change while the pod runs. */
export function resizableContainers({ spec }: Pod): readonly Container[] {
  return [...(spec.initContainers ?? []).filter(isSidecar), ...spec.containers];
}

/** Returns the resources that the spec asks for. */
export function wantedResources(pod: Pod): ContainerResources {
  return new Map(resizableContainers(pod).map(({ name, resources }) => [name, resources]));
}

/** Returns the pod with the resources that the node has set aside for it; the pod itself when they are the same. */
export function withAllocated(pod: Pod, allocated: ContainerResources | undefined): Pod {
  if (allocated === undefined || sameOfAll(wantedResources(pod), allocated)) return pod;
  const given = (container: Container): Container => {
    const resources = allocated.get(container.name);
    return resources === undefined ? container : { ...container, resources };
  };
  const { containers, initContainers } = pod.spec;
  const spec = {
    ...pod.spec,
    containers: containers.map(given),
    ...(initContainers !== undefined && { initContainers: initContainers.map((c) => (isSidecar(c) ? given(c) : c)) }),
  };
  return { ...pod, spec };
}

/** Whether all containers of the one have the same CPU and memory in the other. */
export function sameOfAll(some: ContainerResources, others: ContainerResources): boolean {
  return [...some].every(([name, resources]) => changedResources(resources, others.get(name) ?? {}).length === 0);
}

/** Returns which of `cpu` and `memory` differ, in requests or in limits. */
export function changedResources(
  before: ResourceRequirements,
  after: ResourceRequirements,
): readonly ("cpu" | "memory")[] {
  if (before === after) return [];
  const differs = (part: "requests" | "limits", name: "cpu" | "memory") =>
    before[part]?.[name] !== after[part]?.[name] && amount(before, part, name) !== amount(after, part, name);
  return (["cpu", "memory"] as const).filter((name) => differs("requests", name) || differs("limits", name));
}

/** Returns an amount in millicores or bytes; 0 where there is none. */
export function amount(resources: ResourceRequirements, part: "requests" | "limits", name: "cpu" | "memory"): number {
  const quantity = resources[part]?.[name];
  return name === "cpu" ? milliValue(quantity) : wholeValue(quantity);
}

/** Returns the value of {@link RESOURCES_ANNOTATION} for a container. */
export function resourcesText({ requests, limits }: ResourceRequirements): string {
  return JSON.stringify({ requests, limits });
}

/** Returns the resources that an instance was made with; undefined when it does not say so. */
export function madeWith({ annotations }: Pick<RuntimeContainer, "annotations">): ResourceRequirements | undefined {
  return parseResources(parsed(annotations[RESOURCES_ANNOTATION]));
}

/** Returns a JSON value as resources; undefined when it is none. */
export function parseResources(value: unknown): ResourceRequirements | undefined {
  if (!isRecord(value)) return undefined;
  const [requests, limits] = [value.requests, value.limits].map(parseQuantities);
  return { ...(requests !== undefined && { requests }), ...(limits !== undefined && { limits }) };
}

function parseQuantities(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, quantity]) => (typeof quantity === "string" ? [[name, quantity]] : [])),
  );
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
