import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Running } from "@fairlead/lib/running";
import type { ControllerContext } from "../controller-context.ts";
import { keepReplicas } from "./keep-replicas.ts";

/** Keeps as many pods of each ReplicaSet as it wants. Keys are ReplicaSets. */
export function startReplicaSetController(context: ControllerContext): Running {
  return keepReplicas(context, {
    name: "replicaset",
    account: "replicaset-controller",
    kind: replicaSetKind,
    cache: context.caches.replicaSets,
    asReplicaSet: (replicaSet) => replicaSet,
    withStatus: (replicaSet, status) => ({ ...replicaSet, status }),
  });
}
