import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import type { Cache } from "@fairlead/client/cache/cache";
import type { Client } from "@fairlead/client/client";
import { keysFrom, type RunningController, startController } from "@fairlead/client/controller/run-controller";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import { ifThere } from "@fairlead/client/if-there";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import { METALLB_NAMESPACE } from "../kinds/group.ts";
import { type IPAddressPool, ipAddressPools } from "../kinds/ip-address-pool.ts";
import { type L2Advertisement, l2Advertisements } from "../kinds/l2-advertisement.ts";
import { MADE_OF_CONFIG_MAP, planConversion } from "./plan.ts";

const FIELD_MANAGER = "fairlead-loadbalancer-config";
/** The `namespace/name` of the ConfigMap that MetalLB was configured with before 0.13: the one key. */
const CONFIG_MAP = `${METALLB_NAMESPACE}/config`;

export interface ConfigMapControllerOptions {
  readonly client: Client;
  readonly configMaps: Cache<ConfigMap>;
  readonly pools: Cache<IPAddressPool>;
  readonly advertisements: Cache<L2Advertisement>;
  readonly events: EventRecorder;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Makes pools and advertisements of MetalLB's earlier configuration, and keeps them as it says. */
export function startConfigMapController(options: ConfigMapControllerOptions): RunningController {
  const { client, configMaps, pools, advertisements, events } = options;
  let recorded = "";

  async function reconcile(_key: string, signal: AbortSignal): Promise<undefined> {
    const configMap = configMaps.get(CONFIG_MAP);
    const { apply, remove, problem } = planConversion(configMap, {
      pools: own(pools),
      advertisements: own(advertisements),
    });
    if (configMap !== undefined && problem !== undefined) record(configMap, problem);
    await applyAll(ipAddressPools, apply.pools, signal);
    await applyAll(l2Advertisements, apply.advertisements, signal);
    await removeAll(l2Advertisements, remove.advertisements, signal);
    await removeAll(ipAddressPools, remove.pools, signal);
  }

  async function applyAll<T extends KubeObject>(
    resource: ResourceReference<T>,
    wanted: ReadonlyMap<string, object>,
    signal: AbortSignal,
  ): Promise<void> {
    for (const [name, content] of wanted) {
      const key = { namespace: METALLB_NAMESPACE, name };
      const metadata = { ...key, labels: MADE_OF_CONFIG_MAP };
      const object = { apiVersion: apiVersionOf(resource), kind: resource.kind, metadata, ...content };
      await client.patch(resource, key, "apply", object, { fieldManager: FIELD_MANAGER, force: true, signal });
    }
  }

  async function removeAll<T extends KubeObject>(
    resource: ResourceReference<T>,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    for (const name of names)
      await ifThere(client.delete(resource, { namespace: METALLB_NAMESPACE, name }, { signal }));
  }

  function record(configMap: ConfigMap, problem: string): void {
    const text = `${configMap.metadata.uid} ${problem}`;
    if (recorded === text) return;
    recorded = text;
    const message = `Cannot use it: ${problem}. What was in force stays`;
    events.record(configMap, { type: "Warning", reason: "InvalidConfiguration", message });
  }

  const one = () => [CONFIG_MAP];
  return startController({
    name: "loadbalancer-config",
    sources: [
      keysFrom(configMaps, ({ key }) => (key === CONFIG_MAP ? [key] : [])),
      keysFrom(pools, one),
      keysFrom(advertisements, one),
    ],
    reconcile,
    log: options.log,
    clock: options.clock,
    metrics: options.metrics,
  });
}

function own<T extends KubeObject>(cache: Cache<T>): readonly T[] {
  return cache.list().filter(({ metadata }) => metadata.namespace === METALLB_NAMESPACE);
}
