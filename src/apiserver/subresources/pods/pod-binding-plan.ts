import { conditionOf } from "../../../api/condition-of.ts";
import type { Binding } from "../../../api/core/v1/binding/binding.ts";
import type { Pod } from "../../../api/core/v1/pod/pod.ts";
import { type FieldError, notSupported, required } from "../../../api/field-error.ts";
import { goQuote } from "../../../api/go-quote.ts";
import { StatusError } from "../../../api/status-error.ts";

/** What is wrong with a Binding itself. */
export function bindingErrors({ target }: Binding): readonly FieldError[] {
  const { kind = "", name = "" } = target;
  return [
    ...(kind !== "" && kind !== "Node" ? [notSupported("target.kind", kind, ["Node", "<empty>"])] : []),
    ...(name === "" ? [required("target.name")] : []),
  ];
}

/**
 * The pod on the node that the Binding names.
 *
 * @param now - RFC 3339, to the second.
 * @throws {StatusError} `Conflict` when the pod has a node, is ending, waits for a gate, or is not the one that was meant.
 */
export function boundPod(pod: Pod, { metadata, target }: Binding, now: string): Pod {
  const problem = bindingProblem(pod, metadata);
  if (problem !== undefined) throw conflict(pod, problem);
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...metadata.annotations } },
    spec: { ...pod.spec, nodeName: target.name },
    status: { ...pod.status, conditions: withScheduled(pod, now) },
  };
}

function bindingProblem(
  pod: Pod,
  { uid = "", resourceVersion = "" }: Partial<Binding["metadata"]>,
): string | undefined {
  const { metadata, spec } = pod;
  if (uid !== "" && uid !== metadata.uid) {
    return `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
  }
  if (resourceVersion !== "" && resourceVersion !== metadata.resourceVersion) {
    return `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`;
  }
  if (metadata.deletionTimestamp !== undefined) {
    return `pod ${metadata.name} is being deleted, cannot be assigned to a host`;
  }
  if ((spec.nodeName ?? "") !== "") {
    return `pod ${metadata.name} is already assigned to node ${goQuote(spec.nodeName ?? "")}`;
  }
  if ((spec.schedulingGates ?? []).length > 0) return `pod ${metadata.name} has non-empty .spec.schedulingGates`;
  return undefined;
}

function conflict({ metadata: { name } }: Pod, why: string): StatusError {
  return new StatusError("Conflict", `Operation cannot be fulfilled on pods/binding ${goQuote(name)}: ${why}`, {
    details: { name, kind: "pods/binding" },
  });
}

function withScheduled({ metadata, status }: Pod, now: string): Pod["status"]["conditions"] {
  const conditions = status.conditions ?? [];
  const before = conditionOf(conditions, "PodScheduled");
  const scheduled = {
    type: "PodScheduled",
    status: "True" as const,
    ...(metadata.generation !== undefined && { observedGeneration: metadata.generation }),
    lastTransitionTime: before?.status === "True" ? (before.lastTransitionTime ?? now) : now,
  };
  return before === undefined
    ? [...conditions, scheduled]
    : conditions.map((condition) => (condition === before ? scheduled : condition));
}
