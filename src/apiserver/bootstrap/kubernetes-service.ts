import { endpointsKind } from "../../api/core/v1/endpoints.ts";
import { serviceKind } from "../../api/core/v1/service.ts";
import { endpointSliceKind } from "../../api/discovery/v1/endpointslice.ts";
import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/resource-reference.ts";
import type { Draft } from "../../api/schema.ts";
import { isNotFound } from "../../api/status-error.ts";
import type { Client } from "../../client/client.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { type Running, running } from "../../lib/running.ts";
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

/** The Service as it should be, and how to keep it so. */
export interface KubernetesServiceOptions extends KubernetesService {
  /** A member of `system:masters`. */
  readonly client: Client;
  readonly log: Logger;
  readonly clock: Clock;
  /** Interval between checks for changes by other clients, in milliseconds. Default 10,000, as upstream. */
  readonly intervalMs?: number;
}

/**
 * Keeps the Service `default/kubernetes` and its endpoints as they should be, until stopped.
 *
 * Resolves once they have been written for the first time. The namespace `default` must be there.
 */
export async function startKubernetesService(options: KubernetesServiceOptions): Promise<Running> {
  const { client, log, clock, intervalMs = 10_000 } = options;
  await reconcileKubernetesService(client, options);
  const ending = new AbortController();
  const ended = keepReconciling();

  async function keepReconciling(): Promise<void> {
    for (;;) {
      await clock.sleep(intervalMs, ending.signal).catch(() => {});
      if (ending.signal.aborted) return;
      await reconcileKubernetesService(client, options).catch((error: unknown) =>
        log.warn("Cannot keep the Service of the API server", { service: KUBERNETES_SERVICE.name, error }),
      );
    }
  }

  return running(async () => {
    ending.abort();
    await ended;
  });
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
  const found = await client.get(kind, KUBERNETES_SERVICE).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  const repair = found === undefined ? "create" : repairOf(found, wanted);
  if (repair === undefined) return;
  if (repair === "replace") await client.delete(kind, KUBERNETES_SERVICE);
  if (repair === "replace" || repair === "create") await client.create(kind, wanted);
  else await client.update(kind, repair);
}
