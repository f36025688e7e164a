import type { Lease } from "@fairlead/api/coordination/v1/lease/lease";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Clock } from "@fairlead/lib/clock";
import { readyCondition } from "./health.ts";

/**
 * Remembers when each node last sent a heartbeat, by our own clock: nodes' clocks may be wrong.
 *
 * A heartbeat is a renewal of the node's lease, or a new heartbeat time in its status.
 */
export interface Heartbeats {
  /** A lease in `kube-node-lease` changed. */
  renewed(lease: Lease): void;
  /** Time since the node's last heartbeat, in milliseconds. */
  silentMs(node: Node, lease: Lease | undefined): number;
  forget(name: string): void;
}

interface Heard {
  readonly uid: string;
  readonly heartbeat: string | undefined;
  readonly renewTime: string | undefined;
  readonly atMs: number;
}

/** No heartbeat yet. */
export function heartbeats(clock: Clock): Heartbeats {
  const heard = new Map<string, Heard>();
  return {
    renewed({ metadata: { name }, spec }) {
      const before = heard.get(name);
      if (before === undefined || before.renewTime === spec?.renewTime) return;
      heard.set(name, { ...before, renewTime: spec?.renewTime, atMs: clock.monotonicMs() });
    },
    silentMs(node, lease) {
      const { name, uid, creationTimestamp } = node.metadata;
      const ready = readyCondition(node);
      const heartbeat = ready?.status === "Unknown" ? undefined : ready?.lastHeartbeatTime;
      const renewTime = lease?.spec?.renewTime;
      const before = heard.get(name);
      if (before === undefined || before.uid !== uid) {
        // One that has never spoken counts from its creation, any other from when we first saw it.
        const createdMs = Date.parse(creationTimestamp);
        const neverSpoke = ready === undefined && renewTime === undefined && createdMs > 0;
        const silentMs = neverSpoke ? Math.max(clock.now() - createdMs, 0) : 0;
        heard.set(name, { uid, heartbeat, renewTime, atMs: clock.monotonicMs() - silentMs });
        return silentMs;
      }
      const isNew = (heartbeat !== undefined && heartbeat !== before.heartbeat) || renewTime !== before.renewTime;
      if (isNew)
        heard.set(name, { uid, heartbeat: heartbeat ?? before.heartbeat, renewTime, atMs: clock.monotonicMs() });
      return isNew ? 0 : clock.monotonicMs() - before.atMs;
    },
    forget: (name) => heard.delete(name),
  };
}
