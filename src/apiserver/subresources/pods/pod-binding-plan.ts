import { conditionOf } from "@fairlead/api/condition-of";
import type { Binding } from "@fairlead/api/core/v1/binding/binding";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { type FieldError, notSupported, required } from "@fairlead/api/field-error";
import { goQuote } from "@fairlead/api/go-quote";
import { StatusError } from "@fairlead/api/status-error";
import { transitionTime } from "@fairlead/api/transition-time";

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
    lastTransitionTime: transitionTime(before, "True", now),
  };
  return before === undefined
    ? [...conditions, scheduled]
    : conditions.map((condition) => (condition === before ? scheduled : condition));
}
