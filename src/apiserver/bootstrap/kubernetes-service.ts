import { endpointsKind } from "@fairlead/api/core/v1/endpoints/endpoints";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { type Running, running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import { ensureObject } from "./ensure-object.ts";
import {
  KUBERNETES_SERVICE,
  type KubernetesService,
  kubernetesEndpointSlice,
  kubernetesEndpoints,
  kubernetesService,
  repairEndpointSlice,
  repairEndpoints,
  repairService,
} from "./kubernetes-service-plan.ts";
import type { ServerLeases } from "./server-leases.ts";

/** The Service as it should be, and how to keep it so. */
export interface KubernetesServiceOptions extends Omit<KubernetesService, "addresses"> {
  /** A member of `system:masters`. */
  readonly client: Client;
  /** The servers that are alive, this one among them. */
  readonly leases: ServerLeases;
  readonly log: Logger;
  readonly clock: Clock;
  /** Interval between checks for servers that came or went and for changes by other clients, in milliseconds. Default 10,000, as upstream. */
  readonly intervalMs?: number;
}

/**
 * Keeps the Service `default/kubernetes` and its endpoints as they should be, until stopped: every server of the cluster that is alive
 * is an endpoint. A server that stops takes itself out.
 *
 * Resolves once they have been written for the first time. The namespace `default` must be there.
 */
export async function startKubernetesService(options: KubernetesServiceOptions): Promise<Running> {
  const { log, clock, intervalMs = 10_000 } = options;
  await reconcile(options);

  async function turn(): Promise<number> {
    await reconcile(options).catch((error: unknown) =>
      log.warn("Cannot keep the Service of the API server", { service: KUBERNETES_SERVICE.name, error }),
    );
    return intervalMs;
  }

  const loop = startLoop({ turn, firstPauseMs: intervalMs, clock });
  return running(async () => {
    await loop.stop();
    await withdraw(options).catch((error: unknown) =>
      log.warn("Cannot take this server out of the Service of the API server", { error }),
    );
  });
}

async function reconcile(options: KubernetesServiceOptions): Promise<void> {
  const { client, leases } = options;
  await leases.renew();
  await reconcileKubernetesService(client, { ...options, addresses: await leases.addresses() });
}

/** The endpoints of a cluster's last server stay: it is the one that clients know when it comes back. */
async function withdraw(options: KubernetesServiceOptions): Promise<void> {
  const { client, leases } = options;
  await leases.release();
  const addresses = await leases.addresses();
  if (addresses.length > 0) await reconcileKubernetesService(client, { ...options, addresses });
}

/** Writes what is missing or wrong, once. */
export async function reconcileKubernetesService(client: Client, wanted: KubernetesService): Promise<void> {
  await ensureObject({ client, kind: serviceKind, reconcile: repairService }, kubernetesService(wanted));
  await Promise.all([
    ensureObject({ client, kind: endpointsKind, reconcile: repairEndpoints }, kubernetesEndpoints(wanted)),
    ensureObject({ client, kind: endpointSliceKind, reconcile: repairEndpointSlice }, kubernetesEndpointSlice(wanted)),
  ]);
}
