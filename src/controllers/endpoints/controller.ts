import { endpointsKind } from "@fairlead/api/core/v1/endpoints/endpoints";
import { isNamespaceTerminating } from "@fairlead/api/status-error";
import { LABEL } from "@fairlead/api/well-known";
import type { Client } from "@fairlead/client/client";
import { keysFrom, type LookAgain, startController } from "@fairlead/client/controller/run-controller";
import { ifThere } from "@fairlead/client/if-there";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { isNamespaceEnding } from "../namespace-ending.ts";
import { splitKey } from "../object-key.ts";
import { LOOK_AGAIN_UNSEEN, ownWrites } from "../own-writes.ts";
import { createKnownServices } from "../service-pods/known-services.ts";
import { selectsPods } from "../service-pods/service-membership.ts";
import { CONTROLLER_NAME, type EndpointsChange, planEndpoints } from "./plan.ts";
import { emptyServiceAddresses, setPod } from "./service-addresses.ts";

/** Keeps each Service's Endpoints in step with the pods that it selects. */
export function startEndpointsController({ clientFor, caches, log, clock, metrics }: ControllerContext) {
  const client = clientFor(controllerIdentity("endpoint-controller"));
  const own = ownWrites(caches.endpoints);
  const known = createKnownServices({ ...caches, empty: emptyServiceAddresses, setPod });

  async function reconcile(key: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const service = caches.services.get(key);
    if (service === undefined) {
      known.forget(key);
      own.forget(key);
      return deleteEndpoints(client, key, signal);
    }
    if (!selectsPods(service)) {
      known.forget(key);
      return undefined;
    }
    if (!own.areSeen(key)) return LOOK_AGAIN_UNSEEN;
    const { state, triggerTime } = known.read(key, service);
    const change = planEndpoints(state, { current: caches.endpoints.get(key), triggerTime });
    if (change !== undefined) await write(key, change, signal);
    return undefined;
  }

  async function write(key: string, change: EndpointsChange, signal: AbortSignal): Promise<void> {
    if (change.verb === "update") {
      own.wrote(key, await client.update(endpointsKind, change.endpoints, { signal }));
      return;
    }
    if (isNamespaceEnding(caches, splitKey(key).namespace)) return;
    try {
      own.wrote(key, await client.create(endpointsKind, change.endpoints, { signal }));
    } catch (error) {
      if (!isNamespaceTerminating(error)) throw error;
    }
  }

  return startController({
    name: "endpoints",
    sources: [
      keysFrom(caches.services),
      keysFrom(caches.pods, known.podChanged),
      // Ours are looked at whenever they change, and once at the start: their Service may be gone since.
      keysFrom(caches.endpoints, ({ key, before, after }) =>
        after === undefined || (after ?? before)?.metadata.labels?.[LABEL.managedByOfEndpoints] === CONTROLLER_NAME
          ? [key]
          : [],
      ),
    ],
    reconcile,
    workers: 5,
    log,
    clock,
    metrics,
  });
}

async function deleteEndpoints(client: Client, key: string, signal: AbortSignal): Promise<undefined> {
  await ifThere(client.delete(endpointsKind, splitKey(key), { signal }));
}
