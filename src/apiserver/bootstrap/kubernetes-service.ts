import { endpointsKind } from "@fairlead/api/core/v1/endpoints/endpoints";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Kind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";
import { isAlreadyExists, isConflict, isNotFound } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { getIfThere } from "@fairlead/client/get-if-there";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { type Running, running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import {
  KUBERNETES_SERVICE,
  type KubernetesService,
  kubernetesEndpointSlice,
  kubernetesEndpoints,
  kubernetesService,
  repairedEndpointSlice,
  repairedEndpoints,
  repairedService,
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
  await ensure(client, serviceKind, kubernetesService(wanted), repairedService);
  await Promise.all([
    ensure(client, endpointsKind, kubernetesEndpoints(wanted), repairedEndpoints),
    ensure(client, endpointSliceKind, kubernetesEndpointSlice(wanted), repairedEndpointSlice),
  ]);
}

type RepairOf<T> = (found: T, wanted: Draft<T>) => T | "replace" | undefined;

async function ensure<T extends KubeObject>(
  client: Client,
  kind: Kind<T>,
  wanted: Draft<T>,
  repairOf: RepairOf<T>,
): Promise<void> {
  const found = await getIfThere(client, kind, KUBERNETES_SERVICE);
  const repair = found === undefined ? "create" : repairOf(found, wanted);
  if (repair === undefined) return;
  try {
    if (repair === "replace") await client.delete(kind, KUBERNETES_SERVICE);
    if (repair === "replace" || repair === "create") await client.create(kind, wanted);
    else await client.update(kind, repair);
  } catch (error) {
    // Another server does the same.
    if (!isConflict(error) && !isAlreadyExists(error) && !isNotFound(error)) throw error;
  }
}
