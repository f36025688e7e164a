import type { Node, Taint } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { Client } from "@fairlead/client/client";
import { keysFrom, type LookAgain, startController } from "@fairlead/client/controller/run-controller";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import { ifThere } from "@fairlead/client/if-there";
import { type Running, running } from "@fairlead/lib/running";
import { now } from "../api-time.ts";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { keyOf } from "../object-key.ts";
import { planEviction } from "./plan.ts";

/** Deletes pods that do not tolerate their node's `NoExecute` taints, or no longer. Keys are pods. */
export function startTaintEvictionController({ clientFor, caches, log, clock, metrics }: ControllerContext): Running {
  const client = clientFor(controllerIdentity("node-controller"));
  const events = createEventRecorder({ client, component: "taint-eviction-controller", clock, log });
  /** Since when a pod has been on a node with taints that it tolerates for a while only. */
  const since = new Map<string, { readonly uid: string; readonly sinceMs: number }>();

  async function reconcile(key: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const pod = caches.pods.get(key);
    const node = caches.nodes.get(pod?.spec.nodeName ?? "");
    if (pod === undefined || node === undefined || pod.metadata.deletionTimestamp !== undefined) {
      since.delete(key);
      return undefined;
    }
    const eviction = planEviction(node.spec.taints ?? [], pod.spec.tolerations ?? []);
    if (eviction.do === "stay") {
      if (since.delete(key)) recordEvent(pod, `Cancelling deletion of Pod ${key}`);
      return undefined;
    }
    const before = since.get(key);
    const sinceMs = before?.uid === pod.metadata.uid ? before.sinceMs : clock.monotonicMs();
    since.set(key, { uid: pod.metadata.uid, sinceMs });
    const leftMs = sinceMs + eviction.afterSeconds * 1000 - clock.monotonicMs();
    if (leftMs > 0) return { afterMs: leftMs };
    recordEvent(pod, `Marking for deletion Pod ${key}`);
    await evict(client, pod, { now: now(clock), signal });
    since.delete(key);
    return undefined;
  }

  function recordEvent(pod: Pod, message: string): void {
    events.record(pod, { type: "Normal", reason: "TaintManagerEviction", message });
  }

  const controller = startController({
    name: "tainteviction",
    sources: [
      keysFrom(caches.pods, ({ key, before, after }) => (isSame(before, after) ? [] : [key])),
      keysFrom(caches.nodes, ({ before, after }) =>
        textOf(before) === textOf(after)
          ? []
          : caches.pods.byIndex("node", (after ?? before)?.metadata.name ?? "").map(keyOf),
      ),
    ],
    reconcile,
    workers: 8,
    log,
    clock,
    metrics,
  });
  return running(async () => {
    await controller.stop();
    await events.stop();
  });
}

function isSame(before: Pod | undefined, after: Pod | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return (
    before.metadata.uid === after.metadata.uid &&
    before.spec.nodeName === after.spec.nodeName &&
    JSON.stringify(before.spec.tolerations) === JSON.stringify(after.spec.tolerations)
  );
}

const isNoExecute = ({ effect }: Taint) => effect === "NoExecute";
const textOf = (node: Node | undefined) => JSON.stringify(node?.spec.taints?.filter(isNoExecute) ?? []);

async function evict(client: Client, pod: Pod, { now, signal }: { now: string; signal: AbortSignal }): Promise<void> {
  const { namespace, name, uid } = pod.metadata;
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    reason: "DeletionByTaintManager",
    message: "Taint manager: deleting due to NoExecute taint",
    lastTransitionTime: now,
  };
  const patch = { metadata: { uid }, status: { conditions: [condition] } };
  await ifThere(
    client
      .patch(podKind, { namespace, name }, "strategic", patch, { subresource: "status", signal })
      .then(() => client.delete(podKind, { namespace, name }, { preconditions: { uid }, signal })),
  );
}
