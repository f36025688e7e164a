import type { Container } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { wholeValue } from "./quantity-value.ts";

/**
 * How much memory a pod may use as a whole, in bytes; `undefined` when one of its containers has no limit.
 *
 * Containers and sidecars run together, an ordinary init container with the sidecars before it; the larger of the two
 * counts. A limit of the pod as a whole replaces what its containers add up to.
 */
export function podMemoryLimit({ spec }: Pod): number | undefined {
  const overhead = wholeValue(spec.overhead?.memory);
  const ofPod = wholeValue(spec.resources?.limits?.memory);
  if (ofPod > 0) return ofPod + overhead;
  const { containers, initContainers = [] } = spec;
  if ([...containers, ...initContainers].some((container) => limitOf(container) === 0)) return undefined;
  let running = 0;
  let initPeak = 0;
  for (const container of initContainers) {
    const withIt = running + limitOf(container);
    initPeak = Math.max(initPeak, withIt);
    if (container.restartPolicy === "Always") running = withIt;
  }
  for (const container of containers) running += limitOf(container);
  return Math.max(running, initPeak) + overhead;
}

function limitOf({ resources }: Pick<Container, "resources">): number {
  return wholeValue(resources.limits?.memory);
}
