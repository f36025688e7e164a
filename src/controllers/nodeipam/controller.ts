import type { Node } from "@fairlead/api/core/v1/node/node";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { keysFrom, type LookAgain, startController } from "@fairlead/client/controller/run-controller";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import { type Running, running } from "@fairlead/lib/running";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { heldRanges, rangesOf } from "./held-ranges.ts";
import { nodeRanges } from "./plan.ts";

/** When a node that got none is looked at again: another may have gone by then. */
const NONE_LEFT_MS = 60_000;

/** Gives each node ranges of its own for its pods, one out of each of the cluster's: `spec.podCIDRs`. Keys are nodes. */
export function startNodeIpamController({
  clientFor,
  caches,
  options,
  log,
  clock,
  metrics,
}: ControllerContext): Running {
  const client = clientFor(controllerIdentity("node-controller"));
  const ranges = nodeRanges(options.clusterCIDRs ?? ["10.244.0.0/16"], options.nodeCIDRMaskSizes);
  const held = heldRanges(ranges);
  const events = createEventRecorder({ client, component: "cidrAllocator", clock, log });

  async function reconcile(name: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const node = caches.nodes.get(name);
    if (node === undefined) held.letGo(name);
    else if (rangesOf(node).length > 0) held.hold(node, rangesOf(node));
    else if (!held.has(node)) return give(node, signal);
    return undefined; // A node that was given one and does not show it yet soon will.
  }

  async function give(node: Node, signal: AbortSignal): Promise<LookAgain | undefined> {
    const { name, uid } = node.metadata;
    held.letGo(name);
    const podCIDRs = ranges.allocate();
    if (podCIDRs === undefined) {
      const message = `Node ${name} status is now: CIDRNotAvailable`;
      events.record(node, { type: "Normal", reason: "CIDRNotAvailable", message });
      return { afterMs: NONE_LEFT_MS };
    }
    held.hold(node, podCIDRs);
    try {
      const patch = { metadata: { uid }, spec: { podCIDR: podCIDRs[0], podCIDRs } };
      await client.patch(nodeKind, { name }, "strategic", patch, { signal });
      return undefined;
    } catch (error) {
      held.letGo(name);
      throw error;
    }
  }

  // Which ranges are taken has to be known before the first is given away.
  const known = caches.nodes.synced.then(() => {
    for (const node of caches.nodes.list()) if (rangesOf(node).length > 0) held.hold(node, rangesOf(node));
  });
  const sources = [{ ...keysFrom(caches.nodes), synced: known }];
  const controller = startController({ name: "nodeipam", sources, reconcile, log, clock, metrics });
  return running(async () => {
    await controller.stop();
    await events.stop();
  });
}
