import { keysFrom, startController } from "@fairlead/client/controller/run-controller";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import { type Running, running } from "@fairlead/lib/running";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { planLoadBalancer } from "./plan.ts";

/** Records at Services of type LoadBalancer why they have no address. Keys are Services. */
export function startServiceController({ clientFor, caches, log, clock, metrics }: ControllerContext): Running {
  const client = clientFor(controllerIdentity("service-controller"));
  const events = createEventRecorder({ client, component: "service-controller", clock, log });
  /** The last event of each Service, by key: a Service changes often, and gets one event. */
  const recorded = new Map<string, string>();

  async function reconcile(key: string): Promise<undefined> {
    const service = caches.services.get(key);
    const event = service === undefined ? undefined : planLoadBalancer(service);
    if (service === undefined || event === undefined) {
      recorded.delete(key);
      return;
    }
    const text = `${service.metadata.uid} ${event.message}`;
    if (recorded.get(key) === text) return;
    recorded.set(key, text);
    events.record(service, event);
  }

  const controller = startController({
    name: "service",
    sources: [keysFrom(caches.services)],
    reconcile,
    log,
    clock,
    metrics,
  });
  return running(async () => {
    await controller.stop();
    await events.stop();
  });
}
