import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Strategy } from "../strategy.ts";
import { SHARED_COMMIT_MS } from "../strategy.ts";

/** A kubelet creates its Node with a status. Heartbeats, updates that change only times, may wait to share a commit. */
export const nodeStrategy: Strategy<Node> = {
  prepareForCreate: (node) => node,
  updateDelayMs: (node, previous) => (withoutHeartbeats(node) === withoutHeartbeats(previous) ? SHARED_COMMIT_MS : 0),
};

/** Returns a Node as text without the fields that every heartbeat changes. */
function withoutHeartbeats({ metadata, status, ...rest }: Node): string {
  const { managedFields: _, resourceVersion: __, ...kept } = metadata;
  const conditions = (status?.conditions ?? []).map(({ lastHeartbeatTime, ...condition }) => condition);
  return JSON.stringify({ ...rest, metadata: kept, status: { ...status, conditions } });
}
