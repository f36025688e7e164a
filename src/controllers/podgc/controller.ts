import { nodeKind } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { isNotFound } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { getIfThere } from "@fairlead/client/get-if-there";
import type { Running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import { now as apiNow } from "../api-time.ts";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { type DoomedPod, planPodGc } from "./plan.ts";

/** How often pods are looked through, and how long a missing node stays suspected before it counts as gone. Upstream's. */
const PERIOD_MS = 20_000;
const QUARANTINE_MS = 40_000;
const OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

/** Deletes pods of nodes that are gone, and terminated pods beyond a limit. */
export function startPodGcController({ clientFor, caches, options, log: parent, clock }: ControllerContext): Running {
  const log = parent.with({ controller: "podgc" });
  const client = clientFor(controllerIdentity("pod-garbage-collector"));
  const missingSinceMs = new Map<string, number>();

  async function collect(signal: AbortSignal): Promise<void> {
    const quarantined = [...missingSinceMs].filter(([, sinceMs]) => clock.monotonicMs() - sinceMs >= QUARANTINE_MS);
    const missingNodes = new Set<string>();
    for (const [name] of quarantined) if (await isGone(client, name)) missingNodes.add(name);
    const plan = planPodGc({
      pods: caches.pods.list(),
      hasNode: (name) => caches.nodes.get(name) !== undefined,
      missingNodes,
      isOutOfService: (name) => isOutOfService(name),
      terminatedPodsMax: options.terminatedPodsMax ?? 12_500,
    });
    for (const name of missingSinceMs.keys()) if (!plan.suspectNodes.has(name)) missingSinceMs.delete(name);
    for (const name of plan.suspectNodes) if (!missingSinceMs.has(name)) missingSinceMs.set(name, clock.monotonicMs());
    for (const doomed of plan.doomed) {
      await remove(doomed, signal).catch((error: unknown) => {
        if (!isNotFound(error)) log.warn("Cannot delete a pod", { pod: doomed.pod.metadata.name, error });
      });
    }
  }

  function isOutOfService(name: string): boolean {
    const node = caches.nodes.get(name);
    const isReady = node?.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
    return !isReady && (node?.spec.taints?.some(({ key }) => key === OUT_OF_SERVICE) ?? false);
  }

  async function remove({ pod, disruption }: DoomedPod, signal: AbortSignal): Promise<void> {
    const { namespace, name, uid } = pod.metadata;
    if (disruption !== undefined) await markFailed(client, pod, { ...disruption, now: apiNow(clock) });
    log.info("Deleting a pod that has ended or lost its node", {
      pod: `${namespace}/${name}`,
      reason: disruption?.message ?? "ended",
    });
    await client.delete(podKind, { namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid }, signal });
  }

  async function turn(signal: AbortSignal): Promise<number> {
    await collect(signal).catch((error: unknown) => {
      if (!signal.aborted) log.warn("Cannot look for pods to delete", { error });
    });
    return PERIOD_MS;
  }

  return startLoop({ turn, ready: Promise.all([caches.pods.synced, caches.nodes.synced]), clock });
}

/** Asks the API server itself: the cache may lack a new node. */
async function isGone(client: Client, name: string): Promise<boolean> {
  return (await getIfThere(client, nodeKind, { name })) === undefined;
}

/** A pod whose node is gone never ends by itself: its phase and why are written before it is deleted. */
async function markFailed(
  client: Client,
  pod: Pod,
  { reason, message, now }: { readonly reason: string; readonly message: string; readonly now: string },
): Promise<void> {
  const { namespace, name, uid } = pod.metadata;
  const isOver = pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
  const condition = { type: "DisruptionTarget", status: "True", reason, message, lastTransitionTime: now };
  const status = { ...(!isOver && { phase: "Failed" }), conditions: [condition] };
  await client.patch(
    podKind,
    { namespace, name },
    "strategic",
    { metadata: { uid }, status },
    { subresource: "status" },
  );
}
