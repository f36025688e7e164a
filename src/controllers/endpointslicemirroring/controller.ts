import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { isNamespaceTerminating } from "@fairlead/api/status-error";
import { LABEL } from "@fairlead/api/well-known";
import { keysFrom, type LookAgain, startController } from "@fairlead/client/controller/run-controller";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { writeSlice } from "../endpointslice/write-slice.ts";
import { isNamespaceEnding } from "../namespace-ending.ts";
import { splitKey } from "../object-key.ts";
import { LOOK_AGAIN_UNSEEN, ownWrites } from "../own-writes.ts";
import { CONTROLLER_NAME, isMirrored, planMirroredSlices } from "./plan.ts";

/** Mirrors Endpoints that the endpoints controller does not manage into EndpointSlices. */
export function startEndpointSliceMirroringController({ clientFor, caches, log, clock, metrics }: ControllerContext) {
  const client = clientFor(controllerIdentity("endpointslicemirroring-controller"));
  const own = ownWrites(caches.endpointSlices);

  /** Only Endpoints of a Service without a selector are mirrored: those of others have slices of their own. */
  function source(key: string) {
    const endpoints = caches.endpoints.get(key);
    const service = caches.services.get(key);
    const hasSelector = Object.keys(service?.spec.selector ?? {}).length > 0;
    return endpoints === undefined || service === undefined || hasSelector || !isMirrored(endpoints)
      ? undefined
      : endpoints;
  }

  async function reconcile(key: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    if (!own.areSeen(key)) return LOOK_AGAIN_UNSEEN;
    const slices = caches.endpointSlices.byIndex("service", key).filter(isOurs);
    const endpoints = source(key);
    const changes =
      endpoints === undefined
        ? slices.map((slice) => ({ verb: "delete", slice }) as const)
        : planMirroredSlices(endpoints, slices);
    const isEnding = isNamespaceEnding(caches, splitKey(key).namespace);
    for (const change of changes) {
      if (isEnding && change.verb === "create") continue;
      const written = await writeSlice(client, change, signal).catch((error: unknown) => {
        if (change.verb === "create" && isNamespaceTerminating(error)) return undefined;
        throw error;
      });
      if (written !== undefined) own.wrote(key, written);
    }
    return undefined;
  }

  return startController({
    name: "endpointslicemirroring",
    sources: [
      keysFrom(caches.endpoints),
      keysFrom(caches.services),
      keysFrom(caches.endpointSlices, ({ before, after }) =>
        [before, after].flatMap((slice) =>
          slice !== undefined && isOurs(slice)
            ? [`${slice.metadata.namespace}/${slice.metadata.labels?.[LABEL.serviceName]}`]
            : [],
        ),
      ),
    ],
    reconcile,
    workers: 5,
    log,
    clock,
    metrics,
  });
}

const isOurs = (slice: EndpointSlice) => slice.metadata.labels?.[LABEL.managedByOfSlice] === CONTROLLER_NAME;
