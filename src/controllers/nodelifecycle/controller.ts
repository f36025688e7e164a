import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { keysFrom, type LookAgain, startController } from "@fairlead/client/controller/run-controller";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import { type Running, running } from "@fairlead/lib/running";
import { now } from "../api-time.ts";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { isReady, readyCondition, silentConditions } from "./health.ts";
import { heartbeats } from "./heartbeats.ts";
import { markPodsNotReady } from "./mark-pods-not-ready.ts";
import { recordNodeEvents } from "./node-events.ts";
import { taintNodes } from "./taint-nodes.ts";

/** How long a new node's kubelet may take to speak for the first time. Upstream's. */
const STARTUP_GRACE_MS = 60_000;

/** Notices nodes that fall silent, and keeps pods away from nodes that are not well. Keys are nodes. */
export function startNodeLifecycleController({
  clientFor,
  caches,
  options,
  log,
  clock,
  metrics,
}: ControllerContext): Running {
  const client = clientFor(controllerIdentity("node-controller"));
  const events = createEventRecorder({ client, component: "node-controller", clock, log });
  const nodeEvents = recordNodeEvents(events);
  const heard = heartbeats(clock);
  const taintNode = taintNodes({ client, nodes: caches.nodes, clock });
  const { nodeMonitorGracePeriodMs: graceMs = 50_000, nodeMonitorPeriodMs: periodMs = 5_000 } = options;

  async function reconcile(name: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const node = caches.nodes.get(name);
    if (node === undefined) {
      heard.forget(name);
      nodeEvents.isGone(name);
      return undefined;
    }
    nodeEvents.isThere(node);
    const silentMs = heard.silentMs(node, caches.leases.get(`kube-node-lease/${name}`));
    const allowedMs = readyCondition(node) === undefined ? STARTUP_GRACE_MS : graceMs;
    const conditions = silentMs > allowedMs ? silentConditions(node, now(clock)) : undefined;
    if (conditions !== undefined) {
      const status = { ...node.status, conditions };
      await client.update(nodeKind, { ...node, status }, { subresource: "status", signal });
      return undefined; // What follows from it is done when the change comes back.
    }
    if (nodeEvents.hasFallenSilent(node)) {
      await markPodsNotReady(caches.pods.byIndex("node", name), { client, events, now: now(clock), signal });
    }
    nodeEvents.podsMarked(node);
    await taintNode(node, signal);
    return { afterMs: isReady(node) ? Math.max(1_000, allowedMs - silentMs + 1) : periodMs };
  }

  const unsubscribe = caches.leases.onChange(({ after }) => {
    if (after?.metadata.namespace === "kube-node-lease") heard.renewed(after);
  });
  const nothing = { caughtUp: Promise.resolve(), stop: () => {} };
  const alsoNeeded = [caches.leases, caches.pods].map(({ synced }) => ({ synced, subscribe: () => nothing }));
  const sources = [keysFrom(caches.nodes), ...alsoNeeded];
  const controller = startController({ name: "nodelifecycle", sources, reconcile, workers: 8, log, clock, metrics });
  return running(async () => {
    unsubscribe();
    await controller.stop();
    await events.stop();
  });
}
