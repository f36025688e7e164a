import type { Container } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { PodState } from "../pod-state.ts";
import { isRestarting, newest } from "../pod-state.ts";

/** Whether a container that ended with this exit code is started again. */
export function restartsAfter(
  pod: Pick<Pod, "spec">,
  container: Pick<Container, "restartPolicy">,
  exitCode: number,
): boolean {
  const policy = container.restartPolicy ?? pod.spec.restartPolicy;
  return policy === "Always" || (policy === "OnFailure" && exitCode !== 0);
}

/** Whether a container that is not running now should be: it never ran, or it ended and is to be restarted. */
export function shouldStart(pod: Pod, container: Pick<Container, "name" | "restartPolicy">, state: PodState): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  const instance = newest(state, container.name);
  if (instance === undefined) return true;
  if (instance.state === "running") return false;
  return (
    instance.state !== "exited" || isRestarting(state, instance) || restartsAfter(pod, container, instance.exitCode)
  );
}
