import { customResourceDefinitionKind } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import { type LookAgain, startController } from "@fairlead/client/controller/run-controller";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import { type Running, running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { act } from "./act.ts";
import { ownerStates } from "./owner-states.ts";
import { ownershipGraph } from "./ownership-graph.ts";
import { planGarbage } from "./plan.ts";
import { resourceCaches } from "./resource-caches.ts";

/** How often the API server is asked for new resources, besides when a definition of one changes. Upstream's. */
const REFRESH_MS = 30_000;

/** Deletes objects whose owners are gone, and lets owners go whose dependents are. Keys are uids. */
export function startGarbageCollector(context: ControllerContext): Running {
  const { clientFor, cachesFor, log: parent, clock, metrics } = context;
  const log = parent.with({ controller: "garbagecollector" });
  const identity = controllerIdentity("generic-garbage-collector");
  const client = clientFor(identity);
  const events = createEventRecorder({ client, component: "garbage-collector-controller", clock, log });
  const graph = ownershipGraph();
  const ready = Promise.withResolvers<void>();
  const lookers = new Set<(uid: string) => void>();
  const lookAt = (uids: readonly string[]) => {
    for (const uid of uids) for (const look of lookers) look(uid);
  };
  const resources = resourceCaches({
    ...{ client, caches: cachesFor(identity) },
    onChange(resource, change) {
      lookAt(graph.apply(resource, change));
      if (resource.plural === customResourceDefinitionKind.plural) refreshing.wake();
    },
    onUnserved: (resource, { metadata }) => lookAt(graph.forget({ resource, metadata })),
  });
  const statesOf = ownerStates({ client, graph, resources, events });

  async function reconcile(uid: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const object = graph.get(uid);
    if (object === undefined) return undefined;
    const states = await statesOf(object, signal);
    if (states === undefined) return { afterMs: REFRESH_MS };
    const dependents = graph.dependentsOf(uid);
    const actions = planGarbage({ object, dependents, ownerState: (owner) => states.get(owner.uid) ?? "absent" });
    for (const action of actions) await act(client, action, signal);
    return undefined;
  }

  async function refresh(signal: AbortSignal): Promise<number> {
    await resources.refresh(signal).then(ready.resolve, (error: unknown) => {
      if (!signal.aborted) log.warn("Cannot look for resources: trying again", { error });
    });
    return REFRESH_MS;
  }

  const source = {
    synced: ready.promise,
    subscribe(look: (uid: string) => void) {
      lookers.add(look);
      return { caughtUp: Promise.resolve(), stop: () => lookers.delete(look) };
    },
  };
  const options = { name: "garbagecollector", sources: [source], workers: 20, log: parent, clock, metrics };
  const controller = startController({ ...options, reconcile });
  const refreshing = startLoop({ turn: refresh, clock });
  return running(async () => {
    const refreshed = refreshing.stop();
    await controller.stop();
    // A refresh may be waiting for caches that cannot be filled.
    await resources.stop();
    await refreshed;
    await events.stop();
  });
}
