import type { Deployment } from "../../../api/apps/v1/deployment/deployment.ts";
import { deepEqual } from "../../../api/deep-equal.ts";
import { nextInt64 } from "../../../api/int64.ts";
import { withMeta } from "../object-meta.ts";
import type { Strategy } from "../strategy.ts";

/** Annotations of a Deployment are wanted too: its ReplicaSets get them. */
export const deploymentStrategy: Strategy<Deployment> = {
  prepareForUpdate(deployment, { metadata: before }) {
    if (deepEqual(deployment.metadata.annotations ?? {}, before.annotations ?? {})) return deployment;
    return withMeta(deployment, { generation: nextInt64(before.generation ?? 0) });
  },
  prepareForStatusUpdate: (deployment, { metadata: { labels } }) => withMeta(deployment, { labels }),
};
