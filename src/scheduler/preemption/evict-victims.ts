import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { isNotFound } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import { PREEMPTED, type Preemption } from "./preempt.ts";

/** Deletes the pods that have to make room for another, and records the reason at them. Those that are leaving already are left alone. */
export async function evictVictims(
  { nodeName, victims }: Preemption,
  {
    client,
    events,
    preemptor,
    now,
  }: {
    readonly client: Client;
    readonly events: Pick<EventRecorder, "record">;
    readonly preemptor: Pod;
    /** As the API writes times. */
    readonly now: string;
  },
): Promise<void> {
  const message = `Preempted by pod ${preemptor.metadata.uid} on node ${nodeName}`;
  for (const victim of victims.filter(({ metadata }) => metadata.deletionTimestamp === undefined)) {
    try {
      await evict(client, victim, now);
      events.record(victim, { type: "Normal", reason: "Preempted", message });
    } catch (error) {
      if (!isNotFound(error)) throw error; // Gone by itself.
    }
  }
}

async function evict(client: Client, { metadata }: Pod, now: string): Promise<void> {
  const { namespace, name, uid } = metadata;
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    reason: PREEMPTED,
    message: "default-scheduler: preempting to accommodate a higher priority pod",
    lastTransitionTime: now,
  };
  const patch = { metadata: { uid }, status: { conditions: [condition] } };
  await client.patch(podKind, { namespace, name }, "strategic", patch, { subresource: "status" });
  await client.delete(podKind, { namespace, name }, { preconditions: { uid } });
}
