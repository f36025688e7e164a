import type { Node } from "../../api/core/v1/node.ts";
import { nodeKind } from "../../api/core/v1/node.ts";
import { createEventRecorder } from "../../client/events/event-recorder.ts";
import { keysFrom, type LookAgain, startController } from "../../client/run-controller.ts";
import { type Running, running } from "../../lib/running.ts";
import { now } from "../api-time.ts";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { isReady, readyCondition, silentConditions } from "./health.ts";
import { heartbeats } from "./heartbeats.ts";
import { markPodsNotReady } from "./mark-pods-not-ready.ts";
import { type EvictionStep, plannedTaints } from "./taints.ts";
import { zoneOf, zoneState } from "./zones.ts";

/** How long a new node's kubelet may take to speak for the first time. Upstream's. */
const STARTUP_GRACE_MS = 60_000;

/** Notices nodes that fall silent, and keeps pods away from nodes that are not well. Keys are nodes. */
export function startNodeLifecycleController({ clientFor, caches, options, log, clock }: ControllerContext): Running {
  const client = clientFor(controllerIdentity("node-controller"));
  const events = createEventRecorder({ client, component: "node-controller", clock, log });
  const heard = heartbeats(clock);
  const graceMs = options.nodeMonitorGracePeriodMs ?? 50_000;
  const periodMs = options.nodeMonitorPeriodMs ?? 5_000;
  /** Nodes whose pods have been told that their node is not ready. */
  const known = new Map<string, { readonly uid: string; readonly ready: boolean }>();
  /** When a node of the zone was last given up. */
  const lastEvictionMs = new Map<string, number>();

  async function reconcile(name: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const node = caches.nodes.get(name);
    if (node === undefined) return void leave(name);
    register(node);
    const silentMs = heard.silentMs(node, caches.leases.get(`kube-node-lease/${name}`));
    const allowedMs = readyCondition(node) === undefined ? STARTUP_GRACE_MS : graceMs;
    const conditions = silentMs > allowedMs ? silentConditions(node, now(clock)) : undefined;
    if (conditions !== undefined) {
      const status = { ...node.status, conditions };
      // What follows from it is done when the change comes back.
      await client.update(nodeKind, { ...node, status }, { subresource: "status", signal });
      return undefined;
    }
    await tellPods(node, signal);
    await taint(node, signal);
    return { afterMs: isReady(node) ? Math.max(1_000, allowedMs - silentMs + 1) : periodMs };
  }

  function register({ metadata: { name, uid } }: Node): void {
    if (known.get(name)?.uid === uid) return;
    known.set(name, { uid, ready: true });
    events.record(reference(name), {
      type: "Normal",
      reason: "RegisteredNode",
      message: `Node ${name} event: Registered Node ${name} in Controller`,
    });
  }

  function leave(name: string): void {
    heard.forget(name);
    if (!known.delete(name)) return;
    events.record(reference(name), {
      type: "Normal",
      reason: "RemovingNode",
      message: `Node ${name} event: Removing Node ${name} from Controller`,
    });
  }

  async function tellPods(node: Node, signal: AbortSignal): Promise<void> {
    const { name, uid } = node.metadata;
    const ready = isReady(node);
    if (known.get(name)?.ready === ready || readyCondition(node) === undefined) return;
    if (!ready) {
      events.record(reference(name), {
        type: "Normal",
        reason: "NodeNotReady",
        message: `Node ${name} status is now: NodeNotReady`,
      });
      await markPodsNotReady(caches.pods.byIndex("node", name), { client, events, now: now(clock), signal });
    }
    known.set(name, { uid, ready });
  }

  async function taint(node: Node, signal: AbortSignal): Promise<void> {
    const zone = zoneOf(node);
    const step = isReady(node) ? "clear" : evictionStep(zone);
    const taints = plannedTaints(node, step, now(clock));
    if (taints === undefined) return;
    const evicts = (list: Node["spec"]["taints"]) =>
      list?.some(({ key, effect }) => effect === "NoExecute" && key.startsWith("node.kubernetes.io/")) ?? false;
    if (step === "evict" && !evicts(node.spec.taints)) lastEvictionMs.set(zone, clock.now());
    await client.update(nodeKind, { ...node, spec: { ...node.spec, taints } }, { signal });
  }

  function evictionStep(zone: string): EvictionStep {
    const { isBlackout, nodesPerSecond } = zoneState(caches.nodes.list(), zone);
    if (isBlackout) return "clear";
    if (nodesPerSecond === 0) return "leave";
    const sinceMs = clock.now() - (lastEvictionMs.get(zone) ?? Number.NEGATIVE_INFINITY);
    return sinceMs * nodesPerSecond >= 1000 ? "evict" : "leave";
  }

  const controller = startController({
    name: "nodelifecycle",
    sources: [
      keysFrom(caches.nodes),
      { synced: caches.leases.synced, subscribe: () => () => {} },
      { synced: caches.pods.synced, subscribe: () => () => {} },
    ],
    reconcile,
    workers: 8,
    log,
    clock,
  });
  const unsubscribe = caches.leases.onChange(({ after }) => {
    if (after?.metadata.namespace === "kube-node-lease") heard.renewed(after);
  });
  return running(async () => {
    unsubscribe();
    await controller.stop();
    await events.stop();
  });
}

/** Events about nodes are found by their name, which upstream puts where the uid would be. */
function reference(name: string) {
  return { kind: "Node", apiVersion: "v1", name, uid: name };
}
