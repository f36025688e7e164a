import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { AdmissionPlugin } from "./admission.ts";
import { isWriteOfPod } from "./pod-requests.ts";
import { forbidden } from "./refuse.ts";

/** The classes that every cluster has. PriorityClass objects are not supported yet: other names are refused. */
const SYSTEM_CLASSES: ReadonlyMap<string, number> = new Map([
  ["system-node-critical", 2_000_001_000],
  ["system-cluster-critical", 2_000_000_000],
]);
const DEFAULT_PRIORITY = 0;
const PREEMPTION_POLICY = "PreemptLowerPriority";

/** Gives every new pod the number that its priority class stands for. */
export const priority: AdmissionPlugin = {
  name: "Priority",

  admit(request) {
    if (!isWriteOfPod(request)) return request.object;
    const pod = request.object;
    if (request.operation === "update") return kept(pod, request.previous);
    const className = pod.spec.priorityClassName ?? "";
    const value = className === "" ? DEFAULT_PRIORITY : SYSTEM_CLASSES.get(className);
    if (value === undefined) throw forbidden(request, `no PriorityClass with name ${className} was found`);
    const problem = contradiction(pod, value);
    if (problem !== undefined) throw forbidden(request, problem);
    return { ...pod, spec: { ...pod.spec, priority: value, preemptionPolicy: PREEMPTION_POLICY } };
  },
};

/** Clients that do not know the fields leave them out of what they write back. */
function kept(pod: Pod, previous: Pod | undefined): Pod {
  const { priority, preemptionPolicy } = previous?.spec ?? {};
  const spec = {
    ...pod.spec,
    priority: pod.spec.priority ?? priority,
    preemptionPolicy: pod.spec.preemptionPolicy ?? preemptionPolicy,
  };
  const same = spec.priority === pod.spec.priority && spec.preemptionPolicy === pod.spec.preemptionPolicy;
  return same ? pod : { ...pod, spec };
}

function contradiction({ spec }: Pod, value: number): string | undefined {
  if (spec.priority !== undefined && spec.priority !== value) {
    return `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`;
  }
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== PREEMPTION_POLICY) {
    return `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${PREEMPTION_POLICY} from the given PriorityClass name`;
  }
  return undefined;
}
