import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import type { Cache } from "@fairlead/client/cache/cache";
import type { CacheSource } from "@fairlead/client/cache/cache-source";
import type { Client } from "@fairlead/client/client";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import { type Running, running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import { ADDONS_CONFIG_MAP, isEnabled } from "./addon.ts";
import { startAddressController } from "./addresses/controller.ts";
import { followAnnotationRules } from "./addresses/follow-annotation-rules.ts";
import { startConfigMapController } from "./config-map/controller.ts";
import { startConfigurationStateController } from "./configuration-state/controller.ts";
import { install } from "./install.ts";
import { configurationStates } from "./kinds/configuration-state.ts";
import { ipAddressPools } from "./kinds/ip-address-pool.ts";
import { l2Advertisements } from "./kinds/l2-advertisement.ts";
import { startPoolStatusController } from "./pool-status/controller.ts";
import { measurePools } from "./pool-status/pool-metrics.ts";
import { type FollowedPools, followPools } from "./pools/follow-pools.ts";

/** Pause before what failed is tried again, in milliseconds. */
const AGAIN_MS = 1_000;
const ADDONS = `${ADDONS_CONFIG_MAP.namespace}/${ADDONS_CONFIG_MAP.name}`;
const OFF = "the addon loadbalancer is off; `fairlead addons enable loadbalancer` turns it on";

export interface LoadBalancerOptions {
  /** See the role `system:fairlead:loadbalancer`. */
  readonly client: Client;
  /** Makes the kinds of pools, and their namespace. */
  readonly admin: Client;
  readonly caches: CacheSource;
  /** Addresses of the pool that is made when the addon is on for the first time. Empty: none is made. */
  readonly addresses: readonly string[];
  /** Whether the addon is on as long as nothing else was said. */
  readonly isOnAtFirst: boolean;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Gives Services of type LoadBalancer addresses of the cluster's pools, while the addon is on. */
export function startLoadBalancer(options: LoadBalancerOptions): Running {
  const { caches, clock, log } = options;
  const configMaps = caches.open(configMapKind);
  const services = caches.open(serviceKind);
  let current: { readonly isOn: boolean; readonly part: Running } | undefined;

  async function turn(signal: AbortSignal): Promise<number> {
    const isOn = isEnabled(configMaps.get(ADDONS), options.isOnAtFirst);
    if (current?.isOn === isOn) return Number.POSITIVE_INFINITY;
    await current?.part.stop();
    current = undefined;
    try {
      if (isOn) await install({ ...options, client: options.admin, signal });
      current = { isOn, part: isOn ? startOn(options, { configMaps, services }) : startOff(options, services) };
      log.info("The load balancer is ready", { isOn });
      return 0;
    } catch (error) {
      if (!signal.aborted) log.warn("Cannot start the load balancer: trying again", { error });
      return AGAIN_MS;
    }
  }

  const loop = startLoop({ turn, ready: Promise.all([configMaps.synced, services.synced]), clock });
  const unfollow = configMaps.onChange(({ key }) => {
    if (key === ADDONS) loop.wake();
  });
  return running(async () => {
    unfollow();
    await loop.stop();
    await current?.part.stop();
    await Promise.all([configMaps.stop(), services.stop()]);
  });
}

function startOn(
  { client, caches, log, clock, metrics }: LoadBalancerOptions,
  { configMaps, services }: { readonly configMaps: Cache<ConfigMap>; readonly services: Cache<Service> },
): Running {
  const common = { client, log, clock, metrics, events: recorderOf({ client, log, clock }) };
  const objects = caches.open(ipAddressPools);
  const states = caches.open(configurationStates);
  const namespaces = caches.open(namespaceKind);
  // Each part follows the pools by itself: it reads them when they have changed.
  const follow = () => followPools({ pools: objects, namespaces });
  const pools = follow();
  const rules = followAnnotationRules(configMaps, common.events);
  const addresses = startAddressController({
    ...{ ...common, services, pools },
    settings: () => ({ rules: rules.current() }),
    settingsChanges: rules.changes,
    onTaken: (names) => names.forEach(status.enqueue),
  });
  const status = startPoolStatusController({
    ...{ ...common, objects, holdings: addresses.holdings },
    pools: follow(),
  });
  measurePools(metrics, { pools, holdings: addresses.holdings });
  const state = startConfigurationStateController({ ...common, states, pools: follow() });
  const advertisements = caches.open(l2Advertisements);
  const converter = startConfigMapController({ ...common, configMaps, pools: objects, advertisements });
  return running(async () => {
    measurePools(metrics, { pools: NO_POOLS, holdings: addresses.holdings });
    await Promise.all([addresses, status, state, converter].map((part) => part.stop()));
    await Promise.all([common.events, objects, states, namespaces, advertisements].map((part) => part.stop()));
  });
}

/** Takes back what was given, and says why nothing comes. */
function startOff({ client, log, clock, metrics }: LoadBalancerOptions, services: Cache<Service>): Running {
  const events = recorderOf({ client, log, clock });
  const controller = startAddressController({
    ...{ client, services, pools: NO_POOLS, settings: () => ({ whyNone: OFF }), events, onTaken: () => {} },
    ...{ log, clock, metrics },
  });
  return running(async () => {
    await controller.stop();
    await events.stop();
  });
}

const NO_POOLS: FollowedPools = { current: () => ({ pools: [], problems: new Map() }), changes: () => [] };

function recorderOf(parts: Pick<LoadBalancerOptions, "client" | "log" | "clock">) {
  return createEventRecorder({ ...parts, component: "loadbalancer" });
}
