import { deepEqual } from "../../../../deep-equal.ts";
import type { FieldError } from "../../../../field-error.ts";
import { forbidden, invalid } from "../../../../field-error.ts";
import { ANNOTATION } from "../../../../well-known.ts";
import type { Container, ResourceRequirements } from "../container.ts";
import type { Pod, PodSpec } from "../pod-schema.ts";
import { isSidecar } from "../pod-summary.ts";
import { qosClassOf } from "../qos-class.ts";

const LISTS = ["containers", "initContainers"] as const;
const MUTABLE = ["cpu", "memory"];
const ONLY_CPU_AND_MEMORY = "only cpu and memory resources are mutable";

/**
 * What is wrong with a write to `pods/resize`, besides the changed spec itself, in upstream's order.
 *
 * https://kep.k8s.io/1287
 */
export function validatePodResize(pod: Pod, previous: Pod): FieldError[] {
  const refusal = kindRefusal(previous);
  if (refusal !== undefined) return [forbidden("", refusal)];
  const qosClass = previous.status.qosClass ?? qosClassOf(previous.spec);
  const general = [
    ...(qosClassOf(pod.spec) === qosClass
      ? []
      : [invalid("spec", pod.status.qosClass ?? "", "Pod QOS Class may not change as a result of resizing")]),
    ...(isSupportedByNode(previous) ? [] : [forbidden("spec", "Pod running on node without support for resize")]),
  ];
  if (hasPodResources(pod.spec) || hasPodResources(previous.spec)) {
    const detail =
      "resize of pods with pod-level resources is forbidden when InPlacePodLevelResourcesVerticalScalingEnabled feature gate is disabled";
    return [...general, forbidden("", detail)];
  }
  const order = LISTS.flatMap((list) => validateOrder(pod.spec, previous.spec, list));
  if (order.length > 0) return [...general, ...order];
  const errors = [...general, ...validateAmounts(pod.spec, previous.spec)];
  if (errors.length > 0 || deepEqual(unresized(pod.spec, previous.spec), previous.spec)) return errors;
  return [forbidden("spec", ONLY_CPU_AND_MEMORY)];
}

function kindRefusal({ metadata, spec }: Pod): string | undefined {
  if (metadata.annotations?.[ANNOTATION.mirrorPod] !== undefined) return "static pods cannot be resized";
  return spec.os?.name === "windows" ? "windows pods cannot be resized" : undefined;
}

/** A kubelet that can resize containers reports the resources of those that run. */
function isSupportedByNode({ status }: Pod): boolean {
  const running = (status.containerStatuses ?? []).find(({ state }) => state?.running !== undefined);
  return running === undefined || running.resources !== undefined;
}

function hasPodResources({ resources }: PodSpec): boolean {
  return Object.keys({ ...resources?.requests, ...resources?.limits }).length > 0;
}

function validateOrder(spec: PodSpec, previous: PodSpec, list: (typeof LISTS)[number]): FieldError[] {
  const [now, before] = [spec[list] ?? [], previous[list] ?? []];
  if (now.length !== before.length) return [forbidden(`spec.${list}`, `${list} may not be added or removed on resize`)];
  return before.flatMap(({ name }, index) =>
    now[index]?.name === name
      ? []
      : [forbidden(`spec.${list}[${index}].name`, `${list} may not be renamed or reordered on resize`)],
  );
}

/** Checks lists of the same containers. */
function validateAmounts(spec: PodSpec, previous: PodSpec): FieldError[] {
  const pairs = (list: (typeof LISTS)[number]) =>
    (spec[list] ?? []).flatMap((container, index) => {
      const before = previous[list]?.[index];
      const path = `spec.${list}[${index}].resources`;
      return before === undefined ? [] : [{ container, before, path }];
    });
  const [containers, init] = [pairs("containers"), pairs("initContainers")];
  const sidecars = init.filter(({ before }) => isSidecar(before));
  return [
    ...[...sidecars, ...containers].flatMap(({ container, before, path }) =>
      validateRemoved(container.resources, before.resources, path),
    ),
    ...containers.flatMap(({ container, before }) =>
      deepEqual(withComputeOf(container, before), before) ? [] : [forbidden("spec", ONLY_CPU_AND_MEMORY)],
    ),
    ...init.flatMap(({ container, before }) => {
      if (isSidecar(container)) {
        if (deepEqual(withComputeOf(container, before), before)) return [];
        return [forbidden("spec", "only cpu and memory resources for sidecar containers are mutable")];
      }
      if (deepEqual(container, before)) return [];
      return [forbidden("spec", "resources for non-sidecar init containers are immutable")];
    }),
  ];
}

/** Amounts change, but none comes to have no amount. */
function validateRemoved(now: ResourceRequirements, before: ResourceRequirements, path: string): FieldError[] {
  const isRemoved = (part: "requests" | "limits") =>
    Object.keys(before[part] ?? {}).some((name) => now[part]?.[name] === undefined);
  return [
    ...(isRemoved("requests") ? [forbidden(`${path}.requests`, "resource requests cannot be removed")] : []),
    ...(isRemoved("limits") ? [forbidden(`${path}.limits`, "resource limits cannot be removed")] : []),
  ];
}

/** Returns the spec with the CPU and memory that its containers had before. */
function unresized(spec: PodSpec, previous: PodSpec): PodSpec {
  const before = (list: (typeof LISTS)[number], container: Container, index: number) =>
    withComputeOf(container, previous[list]?.[index] ?? container);
  return {
    ...spec,
    containers: spec.containers.map((container, index) => before("containers", container, index)),
    ...(spec.initContainers !== undefined && {
      initContainers: spec.initContainers.map((container, index) =>
        isSidecar(container) ? before("initContainers", container, index) : container,
      ),
    }),
  };
}

/** Returns a container with the CPU and memory of another one. */
function withComputeOf(container: Container, { resources: other }: Container): Container {
  const { resources } = container;
  const amounts = (part: "requests" | "limits") => {
    const kept = Object.entries(resources[part] ?? {}).filter(([name]) => !MUTABLE.includes(name));
    const taken = Object.entries(other[part] ?? {}).filter(([name]) => MUTABLE.includes(name));
    return Object.fromEntries([...kept, ...taken]);
  };
  return { ...container, resources: { requests: amounts("requests"), limits: amounts("limits") } };
}
