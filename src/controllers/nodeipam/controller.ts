import { nodeKind } from "../../api/core/v1/node.ts";
import { createEventRecorder } from "../../client/events/event-recorder.ts";
import { keysFrom, startController } from "../../client/run-controller.ts";
import { type Running, running } from "../../lib/running.ts";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { nodeRanges } from "./plan.ts";

/** Gives each node a range of its own for its pods: `spec.podCIDR`. Keys are nodes. */
export function startNodeIpamController({ clientFor, caches, options, log, clock }: ControllerContext): Running {
  const client = clientFor(controllerIdentity("node-controller"));
  const clusterCIDR = options.clusterCIDR ?? "10.244.0.0/16";
  const ranges = nodeRanges(clusterCIDR, options.nodeCIDRMaskSize ?? (clusterCIDR.includes(":") ? 64 : 24));
  const events = createEventRecorder({ client, component: "cidrAllocator", clock, log });
  /** What each node has, or was given while the cache does not show it yet. */
  const held = new Map<string, { readonly uid: string; readonly cidrs: readonly string[] }>();

  function hold(name: string, uid: string, cidrs: readonly string[]): void {
    letGo(name);
    for (const cidr of cidrs) ranges.occupy(cidr);
    held.set(name, { uid, cidrs });
  }

  function letGo(name: string): void {
    for (const cidr of held.get(name)?.cidrs ?? []) ranges.release(cidr);
    held.delete(name);
  }

  async function reconcile(name: string, signal: AbortSignal): Promise<undefined> {
    const node = caches.nodes.get(name);
    if (node === undefined) {
      letGo(name);
      return;
    }
    const { uid } = node.metadata;
    const cidrs = node.spec.podCIDRs ?? (node.spec.podCIDR ? [node.spec.podCIDR] : []);
    if (cidrs.length > 0) {
      if (held.get(name)?.cidrs.join() !== cidrs.join()) hold(name, uid, cidrs);
      return;
    }
    if (held.get(name)?.uid === uid) return; // Written; the cache will show it.
    letGo(name);
    const cidr = ranges.allocate();
    if (cidr === undefined) {
      events.record(node, {
        type: "Normal",
        reason: "CIDRNotAvailable",
        message: `Node ${name} status is now: CIDRNotAvailable`,
      });
      throw new Error(`No range is left for node "${name}" in ${clusterCIDR}`);
    }
    held.set(name, { uid, cidrs: [cidr] });
    try {
      const patch = { metadata: { uid }, spec: { podCIDR: cidr, podCIDRs: [cidr] } };
      await client.patch(nodeKind, { name }, "strategic", patch, { signal });
    } catch (error) {
      letGo(name);
      throw error;
    }
  }

  // Which ranges are taken has to be known before the first is given away.
  const ready = caches.nodes.synced.then(() => {
    for (const { metadata, spec } of caches.nodes.list()) {
      const cidrs = spec.podCIDRs ?? (spec.podCIDR ? [spec.podCIDR] : []);
      if (cidrs.length > 0) hold(metadata.name, metadata.uid, cidrs);
    }
  });
  const nodes = keysFrom(caches.nodes);
  const controller = startController({
    name: "nodeipam",
    sources: [{ ...nodes, synced: ready }],
    reconcile,
    log,
    clock,
  });
  return running(async () => {
    await controller.stop();
    await events.stop();
  });
}
