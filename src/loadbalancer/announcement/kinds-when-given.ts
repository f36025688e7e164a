import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import type { Cache } from "@fairlead/client/cache/cache";
import { startCache } from "@fairlead/client/cache/start-cache";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { type Running, running } from "@fairlead/lib/running";
import { METALLB_NAMESPACE } from "../kinds/group.ts";
import type { IPAddressPool } from "../kinds/ip-address-pool.ts";
import { ipAddressPools } from "../kinds/ip-address-pool.ts";
import type { L2Advertisement } from "../kinds/l2-advertisement.ts";
import { l2Advertisements } from "../kinds/l2-advertisement.ts";
import { type ServiceL2Status, serviceL2Statuses } from "../kinds/service-l2-status.ts";
import { serviceOf, writtenBy } from "./l2-statuses.ts";

export interface GivenKindsOptions {
  readonly client: Client;
  readonly nodeName: string;
  /** Whether a Service has an address of a pool: then the kinds are there. */
  readonly isGiven: () => boolean;
  /** Called when pools or advertisements have changed. */
  readonly onChange: () => void;
  /** Called with the Service of a status of this node that was written or deleted. */
  readonly onStatus: (service: string) => void;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Pools and advertisements, watched from the first address on: a cluster without any is not asked for them. */
export interface GivenKinds extends Running {
  /** Resolves once they are known, or when there is no reason to know them. */
  ready(): Promise<void>;
  advertisements(): readonly L2Advertisement[];
  /** Labels of a pool. */
  poolLabels(name: string): Readonly<Record<string, string>> | undefined;
  /** The statuses that this node has written. */
  statuses(): readonly ServiceL2Status[];
}

interface Caches {
  readonly pools: Cache<IPAddressPool>;
  readonly advertisements: Cache<L2Advertisement>;
  readonly statuses: Cache<ServiceL2Status>;
}

export function kindsWhenGiven(options: GivenKindsOptions): GivenKinds {
  const { client, log, clock } = options;
  let caches: Caches | undefined;

  function open(): Caches {
    const start = <T extends KubeObject>(resource: ResourceReference<T>, labelSelector?: string) =>
      startCache(client, resource, { ...(labelSelector && { labelSelector }), log, clock });
    return {
      pools: start(ipAddressPools),
      advertisements: start(l2Advertisements),
      statuses: start(serviceL2Statuses, writtenBy(options.nodeName)),
    };
  }

  return {
    async ready() {
      if (caches !== undefined || !options.isGiven()) return;
      caches = open();
      await Promise.all(Object.values(caches).map((cache) => cache.synced));
      for (const cache of [caches.pools, caches.advertisements]) cache.onChange(options.onChange);
      caches.statuses.onChange(({ before, after }) => {
        for (const status of [before, after]) if (status !== undefined) options.onStatus(serviceOf(status));
      });
    },
    advertisements: () =>
      caches?.advertisements.list().filter(({ metadata }) => metadata.namespace === METALLB_NAMESPACE) ?? [],
    poolLabels: (name) => caches?.pools.get(`${METALLB_NAMESPACE}/${name}`)?.metadata.labels,
    statuses: () => caches?.statuses.list() ?? [],
    ...running(async () => {
      await Promise.all(Object.values(caches ?? {}).map((cache) => cache.stop()));
    }),
  };
}
