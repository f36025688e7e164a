import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { Client } from "@fairlead/client/client";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import { ifThere } from "@fairlead/client/if-there";
import { isPodReady } from "../service-pods/pod-readiness.ts";

/** Says of the pods of a node that is not ready that they are not, so that nothing is sent to them any more. */
export async function markPodsNotReady(
  pods: readonly Pod[],
  {
    client,
    events,
    now,
    signal,
  }: {
    readonly client: Client;
    readonly events: Pick<EventRecorder, "record">;
    readonly now: string;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  for (const pod of pods.filter(isPodReady)) {
    const { namespace, name, uid, generation } = pod.metadata;
    const observed = generation === undefined ? {} : { observedGeneration: generation };
    const condition = { type: "Ready", status: "False", lastTransitionTime: now, ...observed };
    const patch = { metadata: { uid }, status: { conditions: [condition] } };
    const options = { subresource: "status", signal };
    const marked = await ifThere(client.patch(podKind, { namespace, name }, "strategic", patch, options));
    if (marked === undefined) continue;
    events.record(pod, { type: "Warning", reason: "NodeNotReady", message: "Node is not ready" });
  }
}
