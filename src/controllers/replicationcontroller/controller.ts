import { replicationControllerKind } from "@fairlead/api/core/v1/replicationcontroller/replicationcontroller";
import type { Running } from "@fairlead/lib/running";
import type { ControllerContext } from "../controller-context.ts";
import { keepReplicas } from "../replicaset/keep-replicas.ts";
import { asReplicaSet, withStatus } from "./as-replica-set.ts";

/** Keeps as many pods of each ReplicationController as it wants. Keys are ReplicationControllers. */
export function startReplicationControllerController(context: ControllerContext): Running {
  return keepReplicas(context, {
    name: "replicationcontroller",
    account: "replication-controller",
    kind: replicationControllerKind,
    cache: context.caches.replicationControllers,
    asReplicaSet,
    withStatus,
  });
}
