import { isNamespaceTerminating } from "@fairlead/api/status-error";
import { LABEL } from "@fairlead/api/well-known";
import { keysFrom, type LookAgain, startController } from "@fairlead/client/controller/run-controller";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { isNamespaceEnding } from "../namespace-ending.ts";
import { splitKey } from "../object-key.ts";
import { LOOK_AGAIN_UNSEEN, ownWrites } from "../own-writes.ts";
import { selectsPods } from "../service-pods/service-membership.ts";
import { planEndpointSlices } from "./plan.ts";
import { createServicesWithEndpoints } from "./services-with-endpoints.ts";
import { CONTROLLER_NAME } from "./slice.ts";
import { writeSlice } from "./write-slice.ts";

/** Keeps each Service's EndpointSlices in step with the pods that it selects. */
export function startEndpointSliceController({ clientFor, caches, options, log, clock, metrics }: ControllerContext) {
  const client = clientFor(controllerIdentity("endpointslice-controller"));
  const own = ownWrites(caches.endpointSlices);
  const known = createServicesWithEndpoints(caches);

  async function reconcile(key: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const service = caches.services.get(key);
    if (service === undefined || !selectsPods(service)) {
      known.forget(key); // Its slices go with it, by owner reference.
      own.forget(key);
      return undefined;
    }
    if (!own.areSeen(key)) return LOOK_AGAIN_UNSEEN;
    const { state, triggerTime } = known.read(key, service);
    const plan = planEndpointSlices(state, {
      slices: caches.endpointSlices
        .byIndex("service", key)
        .filter((s) => s.metadata.labels?.[LABEL.managedByOfSlice] === CONTROLLER_NAME),
      endpointsMax: options.endpointsPerSliceMax ?? 100,
      triggerTime,
    });
    const isEnding = isNamespaceEnding(caches, splitKey(key).namespace);
    for (const change of plan.changes) {
      if (isEnding && change.verb === "create") continue;
      const written = await writeSlice(client, change, signal).catch((error: unknown) => {
        if (change.verb === "create" && isNamespaceTerminating(error)) return undefined;
        throw error;
      });
      if (written !== undefined) own.wrote(key, written);
    }
    if (plan.missingNodes.length > 0) throw new Error(`Pods are on unknown nodes: ${plan.missingNodes.join(", ")}`);
    return undefined;
  }

  return startController({
    name: "endpointslice",
    sources: [
      keysFrom(caches.services),
      keysFrom(caches.pods, known.podChanged),
      keysFrom(caches.endpointSlices, ({ before, after }) =>
        [before, after].flatMap((slice) =>
          slice?.metadata.labels?.[LABEL.serviceName] === undefined
            ? []
            : [`${slice.metadata.namespace}/${slice.metadata.labels[LABEL.serviceName]}`],
        ),
      ),
      keysFrom(caches.nodes, known.nodeChanged),
    ],
    reconcile,
    workers: 5,
    log,
    clock,
    metrics,
  });
}
