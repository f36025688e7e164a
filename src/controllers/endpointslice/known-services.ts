import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { LABEL } from "@fairlead/api/well-known";
import type { Cache, CacheChange, CacheKey } from "@fairlead/client/cache/cache";
import { keyOf, splitKey } from "../object-key.ts";
import { podsOfService, servicesOfPods, servicesSelecting } from "../service-pods/lookup.ts";
import { podsToLookUp, selectorOf } from "../service-pods/service-membership.ts";
import { triggerTimes } from "../service-pods/trigger-times.ts";
import { emptyServiceEndpoints, type ServiceEndpoints, setPod } from "./service-endpoints.ts";

/** The copies that endpoints are made from. */
export interface EndpointSources {
  readonly pods: Pick<Cache<Pod>, "get" | "byIndex">;
  readonly services: Pick<Cache<Service>, "byIndex">;
  readonly nodes: Pick<Cache<Node>, "get">;
}

/** A Service as of now. */
export interface KnownService {
  readonly state: ServiceEndpoints;
  /** For the annotation of the next write; see {@link triggerTimes}. */
  readonly triggerTime: string | undefined;
}

/**
 * The Services with endpoints. Remembers which pods changed since a Service was last read, so that only those are read again.
 *
 * All pods are read when a Service is read for the first time, and when it has changed itself.
 */
export interface KnownServices {
  /** Notes that a pod changed. Returns the keys of the Services that have to be reconciled for it. */
  podChanged(change: CacheChange<Pod>): readonly string[];
  /** The same for a node: its zone is in the endpoints of its pods. */
  nodeChanged(change: CacheChange<Node>): readonly string[];
  /** Brings what is known of the Service up to date. @param key - Its key in caches and queues. */
  read(key: CacheKey, service: Service): KnownService;
  forget(key: CacheKey): void;
}

interface Entry {
  readonly state: ServiceEndpoints;
  /** Keys of pods that changed since the Service was last read. */
  readonly changed: Set<CacheKey>;
}

/** No Service known yet. The copies must have a change before it is reported here. */
export function createKnownServices({ pods, services, nodes }: EndpointSources): KnownServices {
  const entries = new Map<CacheKey, Entry>();
  const times = triggerTimes();
  const node = (name: string) => nodes.get(name);

  function note(pod: CacheKey, versions: readonly Pod[]): readonly string[] {
    const keys = servicesSelecting(services, versions);
    for (const key of keys) entries.get(key)?.changed.add(pod);
    return keys;
  }

  function readAll(key: CacheKey, service: Service): KnownService {
    const state = emptyServiceEndpoints(service);
    const selected = podsOfService(pods, service);
    for (const pod of selected) setPod(state, keyOf(pod), pod, node);
    entries.set(key, { state, changed: new Set() });
    return { state, triggerTime: times.next(key, service, selected) };
  }

  function readChanged(key: CacheKey, { state, changed }: Entry): KnownService {
    const isSelected = selectorOf(state.service);
    const byName = new Map<string, Pod | undefined>();
    for (const podKey of changed) {
      const pod = pods.get(podKey);
      const selected = pod !== undefined && isSelected(pod) ? pod : undefined;
      setPod(state, podKey, selected, node);
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

    nodeChanged({ before, after }) {
      const isSameZone = before?.metadata.labels?.[LABEL.zone] === after?.metadata.labels?.[LABEL.zone];
      if (before !== undefined && after !== undefined && isSameZone) return [];
      const onNode = pods.byIndex("node", (after ?? before)?.metadata.name ?? "");
      for (const pod of onNode) note(keyOf(pod), [pod]);
      if (before !== undefined && isSameZone) return [];
      return onNode.flatMap((pod) => servicesOfPods(services, { key: keyOf(pod), before: undefined, after: pod }));
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
