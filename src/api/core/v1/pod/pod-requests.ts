import { type Amounts, amountsOf, larger, NO_AMOUNTS, sum } from "../amounts.ts";
import type { Container } from "./container.ts";
import type { Pod } from "./pod-schema.ts";
import type { PodStatus } from "./pod-status.ts";

/** How the requests of a pod's containers are counted. Default: as in its spec. */
export type CountContainer = (container: Container) => Amounts;

const asInSpec: CountContainer = ({ resources }) => amountsOf(resources.requests);

/**
 * Returns what a node must have free for the pod.
 *
 * Containers and sidecars run together; an ordinary init container runs with the sidecars started before it; the pod
 * needs the larger of the two. Requests of the pod as a whole replace what its containers add up to; overhead is added.
 */
export function podRequests({ spec }: Pick<Pod, "spec">, count: CountContainer = asInSpec): Amounts {
  let running = NO_AMOUNTS;
  let initPeak = NO_AMOUNTS;
  for (const container of spec.initContainers ?? []) {
    const withIt = sum(running, count(container));
    initPeak = larger(initPeak, withIt);
    if (container.restartPolicy === "Always") running = withIt;
  }
  for (const container of spec.containers) running = sum(running, count(container));
  const ofContainers = larger(running, initPeak);
  const ofPod = amountsOf(spec.resources?.requests);
  return sum(new Map([...ofContainers, ...ofPod]), amountsOf(spec.overhead));
}

/**
 * Returns how the containers of a pod count for its node while their resources change: with the most of what is wanted, set
 * aside and in use, and without what is wanted where the node can never give it.
 *
 * https://kep.k8s.io/1287
 */
export function countResized({ status }: Pick<Pod, "status">): CountContainer {
  const statuses = new Map(
    [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].map((one) => [one.name, one]),
  );
  const isInfeasible = isResizeInfeasible(status);
  return (container) => {
    const known = statuses.get(container.name);
    if (known?.resources === undefined) return asInSpec(container);
    const node = larger(amountsOf(known.resources.requests), amountsOf(known.allocatedResources));
    return isInfeasible ? node : larger(asInSpec(container), node);
  };
}

/** Returns all that {@link countResized} looks at besides the spec. */
export function resizeFacts({ status }: Pick<Pod, "status">): readonly unknown[] {
  const { initContainerStatuses = [], containerStatuses = [] } = status;
  const reported = [...initContainerStatuses, ...containerStatuses].flatMap((one) =>
    one.resources === undefined ? [] : [[one.name, one.resources.requests, one.allocatedResources]],
  );
  return [isResizeInfeasible(status), ...reported];
}

function isResizeInfeasible({ conditions = [] }: PodStatus): boolean {
  return conditions.find(({ type }) => type === "PodResizePending")?.reason === "Infeasible";
}
