import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";
import { isNamespaceTerminating, isNotFound } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import { slowStart } from "./slow-start.ts";

/** The client that writes pods, and the owner at which events are recorded. */
export interface PodWriter {
  readonly client: Client;
  readonly events: EventRecorder;
  readonly owner: KubeObject;
  readonly signal: AbortSignal;
}

/** What has been done, and the first thing that could not be. */
export interface PodsWritten {
  readonly pods: readonly Pod[];
  readonly error?: unknown;
}

/**
 * Creates `count` pods, in batches that double. Stops at the first refusal; that the namespace is terminating is no error,
 * because nothing will ever be created there.
 */
export async function createPods(writer: PodWriter, count: number, pod: Draft<Pod>): Promise<PodsWritten> {
  const { results: pods, error } = await slowStart(count, () => createPod(writer, pod));
  return error === undefined || isNamespaceTerminating(error) ? { pods } : { pods, error };
}

async function createPod({ client, events, owner, signal }: PodWriter, pod: Draft<Pod>): Promise<Pod> {
  try {
    const created = await client.create<Pod>(podKind, pod, { signal });
    events.record(owner, {
      type: "Normal",
      reason: "SuccessfulCreate",
      message: `Created pod: ${created.metadata.name}`,
    });
    return created;
  } catch (error) {
    signal.throwIfAborted(); // Stopping is not a failure.
    if (!isNamespaceTerminating(error)) {
      events.record(owner, { type: "Warning", reason: "FailedCreate", message: `Error creating: ${textOf(error)}` });
    }
    throw error;
  }
}

/** Deletes the pods, all at once. One that is gone already is not among those that were deleted. */
export async function deletePods(writer: PodWriter, pods: readonly Pod[]): Promise<PodsWritten> {
  const settled = await Promise.allSettled(pods.map((pod) => deletePod(writer, pod)));
  const failed = settled.find((one) => one.status === "rejected");
  return {
    pods: settled.flatMap((one) => (one.status === "fulfilled" ? one.value : [])),
    ...(failed !== undefined && { error: failed.reason }),
  };
}

async function deletePod({ client, events, owner, signal }: PodWriter, pod: Pod): Promise<readonly Pod[]> {
  const { namespace, name } = pod.metadata;
  try {
    await client.delete(podKind, { namespace, name }, { signal });
    events.record(owner, { type: "Normal", reason: "SuccessfulDelete", message: `Deleted pod: ${name}` });
    return [pod];
  } catch (error) {
    signal.throwIfAborted();
    if (isNotFound(error)) return [];
    events.record(owner, { type: "Warning", reason: "FailedDelete", message: `Error deleting: ${textOf(error)}` });
    throw new Error(`unable to delete pods: ${textOf(error)}`, { cause: error });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
