import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Cache } from "@fairlead/client/cache/cache";
import { startCache } from "@fairlead/client/cache/start-cache";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Names } from "./names.ts";
import { createNames } from "./names.ts";
import { serviceNames, serviceOfSlice } from "./service-names.ts";

/** The cluster's names as the API has them, a moment ago. */
export interface FollowedNames {
  readonly names: Names;
  readonly slices: Cache<EndpointSlice>;
  /** Resolves once everything that was there when we started is in. */
  readonly synced: Promise<void>;
  stop(): Promise<void>;
}

/** Follows Services, EndpointSlices and namespaces. A change costs what its own Service costs, whatever their number. */
export function followNames(
  client: Client,
  clusterDomain: string,
  options: { log: Logger; clock: Clock },
): FollowedNames {
  const names = createNames(clusterDomain);
  const services = startCache(client, serviceKind, options);
  const namespaces = startCache(client, namespaceKind, options);
  const slices = startCache(client, endpointSliceKind, {
    ...options,
    indexes: { service: (slice) => [serviceOfSlice(slice)].filter((key) => key !== undefined) },
  });

  function renew(key: string): void {
    const service = services.get(key);
    names.setService(key, service === undefined ? undefined : serviceNames(service, slices.byIndex("service", key)));
  }

  services.onChange(({ key }) => renew(key));
  slices.onChange(({ before, after }) => {
    // A slice may change hands: both Services are looked at.
    const keys = new Set([before, after].map((slice) => (slice === undefined ? undefined : serviceOfSlice(slice))));
    for (const key of keys) if (key !== undefined) renew(key);
  });
  namespaces.onChange(({ key, after }) => names.setNamespace(key, after !== undefined));

  const caches = [services, namespaces, slices];
  const synced = Promise.all(caches.map((cache) => cache.synced)).then(() => undefined);
  synced.catch(() => {});
  return {
    names,
    slices,
    synced,
    async stop() {
      await Promise.all(caches.map((cache) => cache.stop()));
    },
  };
}
