import type { CacheSource } from "@fairlead/client/cache/cache-source";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import { type Running, running } from "@fairlead/lib/running";
import { openCaches } from "./caches.ts";
import type { StartController } from "./controller-context.ts";
import type { ControllersOptions } from "./controllers-options.ts";
import { startDeploymentController } from "./deployment/controller.ts";
import { startEndpointsController } from "./endpoints/controller.ts";
import { startEndpointSliceController } from "./endpointslice/controller.ts";
import { startEndpointSliceMirroringController } from "./endpointslicemirroring/controller.ts";
import { startEphemeralVolumeController } from "./ephemeralvolume/controller.ts";
import { startGarbageCollector } from "./garbagecollector/controller.ts";
import { startNamespaceController } from "./namespace/controller.ts";
import { startNodeIpamController } from "./nodeipam/controller.ts";
import { startNodeLifecycleController } from "./nodelifecycle/controller.ts";
import { startPersistentVolumeBinder } from "./persistentvolumebinder/controller.ts";
import { startPodGcController } from "./podgc/controller.ts";
import { startPvcProtectionController } from "./pvcprotection/controller.ts";
import { startPvProtectionController } from "./pvprotection/controller.ts";
import { startReplicaSetController } from "./replicaset/controller.ts";
import { startReplicationControllerController } from "./replicationcontroller/controller.ts";
import { startRootCAController } from "./rootca/controller.ts";
import { startServiceAccountController } from "./serviceaccount/controller.ts";
import { startTaintEvictionController } from "./tainteviction/controller.ts";

/** Every controller there is. */
const controllers: readonly StartController[] = [
  startServiceAccountController,
  startRootCAController,
  startNodeIpamController,
  startNodeLifecycleController,
  startTaintEvictionController,
  startDeploymentController,
  startReplicaSetController,
  startReplicationControllerController,
  startEndpointSliceController,
  startEndpointsController,
  startEndpointSliceMirroringController,
  startNamespaceController,
  startPodGcController,
  startEphemeralVolumeController,
  startPersistentVolumeBinder,
  startPvcProtectionController,
  startPvProtectionController,
  startGarbageCollector,
];

/** What the controllers are started with. */
export interface StartControllersOptions {
  /** A client under that user name: `system:kube-controller-manager` and service accounts in `kube-system`. */
  clientFor(identity: string): Client;
  /** The caches that the user may read. */
  cachesFor(identity: string): CacheSource;
  readonly options: ControllersOptions;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Starts all controllers: resolves once they know the cluster. */
export async function startControllers({
  clientFor,
  cachesFor,
  options,
  log,
  clock,
  metrics,
}: StartControllersOptions): Promise<Running> {
  const caches = openCaches(cachesFor("system:kube-controller-manager"));
  const all = Object.values(caches);
  const started = controllers.map((start) => start({ clientFor, cachesFor, caches, options, log, clock, metrics }));
  await Promise.all(all.map(({ synced }) => synced));
  return running(async () => {
    await Promise.all(started.map((controller) => controller.stop()));
    await Promise.all(all.map((cache) => cache.stop()));
  });
}
