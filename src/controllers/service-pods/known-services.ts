import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Cache, CacheChange, CacheKey } from "@fairlead/client/cache/cache";
import { keyOf, splitKey } from "../object-key.ts";
import { podsOfService, servicesSelecting } from "./lookup.ts";
import { podsToLookUp, selectorOf } from "./service-membership.ts";
import { triggerTimes } from "./trigger-times.ts";

/** What a controller keeps of a Service's pods: valid for one version of the Service. */
export interface PodsOfService {
  readonly service: Service;
}

/** The copies that Services and their pods are read from, and how a controller keeps what it read. */
export interface KnownServicesOptions<S extends PodsOfService> {
  readonly pods: Pick<Cache<Pod>, "get" | "byIndex">;
  readonly services: Pick<Cache<Service>, "byIndex">;
  /** Returns the state of a Service without pods. */
  empty(service: Service): S;
  /** Puts a pod in the place of its earlier version; `undefined` for one that is gone or no longer selected. */
  setPod(state: S, key: CacheKey, pod: Pod | undefined): void;
}

/** A Service as of now. */
export interface KnownService<S> {
  readonly state: S;
  /** For the annotation of the next write; see {@link triggerTimes}. */
  readonly triggerTime: string | undefined;
}

/**
 * The Services with pods. Remembers which pods changed since a Service was last read, so that only those are read again.
 *
 * All pods are read when a Service is read for the first time, and when it has changed itself.
 */
export interface KnownServices<S> {
  /** Notes that a pod changed. Returns the keys of the Services that have to be reconciled for it. */
  podChanged(change: CacheChange<Pod>): readonly string[];
  /** Notes that a pod has to be read again, although it did not change. */
  readAgain(pod: Pod): void;
  /** Brings what is known of the Service up to date. @param key - Its key in caches and queues. */
  read(key: CacheKey, service: Service): KnownService<S>;
  forget(key: CacheKey): void;
}

interface Entry<S> {
  readonly state: S;
  /** Keys of pods that changed since the Service was last read. */
  readonly changed: Set<CacheKey>;
}

/** No Service known yet. The copies must have a change before it is reported here. */
export function createKnownServices<S extends PodsOfService>(options: KnownServicesOptions<S>): KnownServices<S> {
  const { pods, services, empty, setPod } = options;
  const entries = new Map<CacheKey, Entry<S>>();
  const times = triggerTimes();

  function note(pod: CacheKey, versions: readonly Pod[]): readonly string[] {
    const keys = servicesSelecting(services, versions);
    for (const key of keys) entries.get(key)?.changed.add(pod);
    return keys;
  }

  function readAll(key: CacheKey, service: Service): KnownService<S> {
    const state = empty(service);
    const selected = podsOfService(pods, service);
    for (const pod of selected) setPod(state, keyOf(pod), pod);
    entries.set(key, { state, changed: new Set() });
    return { state, triggerTime: times.next(key, service, selected) };
  }

  function readChanged(key: CacheKey, { state, changed }: Entry<S>): KnownService<S> {
    const isSelected = selectorOf(state.service);
    const byName = new Map<string, Pod | undefined>();
    for (const podKey of changed) {
      const pod = pods.get(podKey);
      const selected = pod !== undefined && isSelected(pod) ? pod : undefined;
      setPod(state, podKey, selected);
      byName.set(splitKey(podKey).name, selected);
    }
    changed.clear();
    return { state, triggerTime: times.nextOfChanged(key, state.service, byName) };
  }

  return {
    podChanged(change) {
      const keys = note(
        change.key,
        [change.before, change.after].filter((pod) => pod !== undefined),
      );
      return podsToLookUp(change).length > 0 ? keys : [];
    },

    readAgain: (pod) => {
      note(keyOf(pod), [pod]);
    },

    read(key, service) {
      const entry = entries.get(key);
      return entry?.state.service === service ? readChanged(key, entry) : readAll(key, service);
    },

    forget(key) {
      entries.delete(key);
      times.forget(key);
    },
  };
}
