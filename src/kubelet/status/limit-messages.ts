import type { ContainerState, ContainerStatus } from "@fairlead/api/core/v1/pod/pod-status";

/** Limits the last messages of all containers of a pod together, in bytes: they are part of the pod's object. Upstream's limit. */
const POD_MESSAGES_MAX_BYTES = 12 * 1024;

/**
 * Returns a container's status with each last message cut to its share of the pod's limit.
 *
 * @param containers - How many the pod has, of all kinds.
 */
export function limitMessages(status: ContainerStatus, containers: number): ContainerStatus {
  const maxBytes = Math.floor(POD_MESSAGES_MAX_BYTES / containers);
  const { state, lastState } = status;
  return {
    ...status,
    ...(state !== undefined && { state: limited(state, maxBytes) }),
    ...(lastState !== undefined && { lastState: limited(lastState, maxBytes) }),
  };
}

function limited(state: ContainerState, maxBytes: number): ContainerState {
  const { terminated } = state;
  if (terminated?.message === undefined) return state;
  const bytes = new TextEncoder().encode(terminated.message);
  if (bytes.length <= maxBytes) return state;
  // A stream ends without the character that the cut has split.
  const message = new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true });
  return { ...state, terminated: { ...terminated, message } };
}
