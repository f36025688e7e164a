import type { Container } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { qosClassOf } from "@fairlead/api/core/v1/pod/qos-class";
import { wholeValue } from "./quantity-value.ts";

const GUARANTEED = -997;
const BEST_EFFORT = 1000;
/** `system-cluster-critical` and above. */
const CRITICAL_PRIORITY = 2_000_000_000;

/**
 * How readily the kernel kills a container's processes when memory is short, -997 (last) to 1000 (first):
 * the smaller the share of the node that a Burstable container asks for, the sooner.
 *
 * @param memoryBytes - The node's memory.
 * @param lowest - What this process may set: without CAP_SYS_RESOURCE no value below its own is allowed.
 */
export function oomScoreAdj(
  pod: Pod,
  container: Pick<Container, "resources">,
  { memoryBytes, lowest }: { readonly memoryBytes: number; readonly lowest: number },
): number {
  return Math.max(lowest, wanted(pod, container, memoryBytes));
}

function wanted(pod: Pod, container: Pick<Container, "resources">, memoryBytes: number): number {
  if ((pod.spec.priority ?? 0) >= CRITICAL_PRIORITY) return GUARANTEED;
  const qos = qosClassOf(pod.spec);
  if (qos === "Guaranteed") return GUARANTEED;
  if (qos === "BestEffort") return BEST_EFFORT;

  const requested = wholeValue(container.resources.requests?.memory);
  const score = BEST_EFFORT - Math.floor((1000 * requested) / memoryBytes);
  return Math.min(BEST_EFFORT - 1, Math.max(BEST_EFFORT + GUARANTEED, score));
}
