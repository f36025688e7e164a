import type { Namespace } from "@fairlead/api/core/v1/namespace/namespace";
import type { Cache } from "@fairlead/client/cache/cache";
import type { KeySource } from "@fairlead/client/controller/run-controller";
import { keysFrom } from "@fairlead/client/controller/run-controller";
import { METALLB_NAMESPACE } from "../kinds/group.ts";
import type { IPAddressPool } from "../kinds/ip-address-pool.ts";
import { type ReadPools, readPools } from "./read-pools.ts";

/** Where pools are read from. */
export interface PoolCaches {
  readonly pools: Cache<IPAddressPool>;
  readonly namespaces: Cache<Namespace>;
}

/** The pools of a cluster, as they are now. */
export interface FollowedPools {
  current(): ReadPools;
  /** What changes them. @param keys - The keys that each change gives. */
  changes(keys: () => Iterable<string>): readonly KeySource[];
}

/** Reads the pools when they are asked for and something has changed. */
export function followPools(caches: PoolCaches): FollowedPools {
  let read: ReadPools | undefined;
  return {
    current() {
      read ??= readAll(caches);
      return read;
    },
    changes(keys) {
      const again = () => {
        read = undefined;
        return keys();
      };
      return [
        keysFrom(caches.pools, ({ key }) => (inNamespace(key) ? again() : [])),
        keysFrom(caches.namespaces, again),
      ];
    },
  };
}

function readAll({ pools, namespaces }: PoolCaches): ReadPools {
  const written = pools
    .list()
    .filter(({ metadata }) => metadata.namespace === METALLB_NAMESPACE)
    .toSorted((a, b) => compare(ageAndName(a), ageAndName(b)))
    .map(({ metadata, spec }) => ({ ...spec, name: metadata.name }));
  const labelled = namespaces.list().map(({ metadata }) => ({ name: metadata.name, labels: metadata.labels }));
  return readPools(written, labelled);
}

function inNamespace(key: string): boolean {
  return key.startsWith(`${METALLB_NAMESPACE}/`);
}

function ageAndName({ metadata }: IPAddressPool): string {
  return `${metadata.creationTimestamp} ${metadata.name}`;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
