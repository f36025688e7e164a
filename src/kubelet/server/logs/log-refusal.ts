import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { goQuote } from "@fairlead/api/go-quote";

/** Why a container has no log to read (yet), in upstream's words; undefined when it has one. */
export function logRefusal(pod: Pod, container: string, previous: boolean): string | undefined {
  const where = `container ${goQuote(container)} in pod ${goQuote(pod.metadata.name)}`;
  const status = [
    ...(pod.status.containerStatuses ?? []),
    ...(pod.status.initContainerStatuses ?? []),
    ...(pod.status.ephemeralContainerStatuses ?? []),
  ].find(({ name }) => name === container);
  if (status === undefined) return `${where} is not available`;

  const before = status.lastState?.terminated;
  const hasPrevious = before !== undefined && (before.containerID ?? "") !== "";
  if (previous) return hasPrevious ? undefined : `previous terminated ${where} not found`;
  if (status.state?.running !== undefined) return undefined;
  if (status.state?.terminated !== undefined) {
    return (status.state.terminated.containerID ?? "") !== "" || hasPrevious ? undefined : `${where} is terminated`;
  }
  if (before !== undefined) return hasPrevious ? undefined : `${where} is terminated`;
  switch (status.state?.waiting?.reason) {
    case undefined:
      return `${where} is waiting to start - no logs yet`;
    case "ErrImagePull":
      return `${where} is waiting to start: image can't be pulled`;
    case "ImagePullBackOff":
      return `${where} is waiting to start: trying and failing to pull image`;
    default:
      return `${where} is waiting to start: ${status.state?.waiting?.reason}`;
  }
}
