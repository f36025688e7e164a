import type { Node } from "../../../api/core/v1/node.ts";
import type { Strategy } from "../strategy.ts";
import { SHARED_COMMIT_MS } from "../strategy.ts";

/** The kubelet writes its Node with a status when it registers. Later it reports that it is alive, which may wait. */
export const nodeStrategy: Strategy<Node> = {
  prepareForCreate: (node) => node,
  updateDelayMs: (node, previous) => (withoutHeartbeats(node) === withoutHeartbeats(previous) ? SHARED_COMMIT_MS : 0),
};

/** What is left when nothing changed but the times at which a kubelet has looked. */
function withoutHeartbeats({ metadata, status, ...rest }: Node): string {
  const { managedFields: _, resourceVersion: __, ...kept } = metadata;
  const conditions = (status?.conditions ?? []).map(({ lastHeartbeatTime, ...condition }) => condition);
  return JSON.stringify({ ...rest, metadata: kept, status: { ...status, conditions } });
}
