import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import { deepEqual } from "@fairlead/api/deep-equal";
import { nextInt64 } from "@fairlead/api/int64";
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
