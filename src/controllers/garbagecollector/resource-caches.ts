import { customResourceDefinitionKind } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Cache, CacheChange } from "@fairlead/client/cache/cache";
import type { CacheSource } from "@fairlead/client/cache/cache-source";
import type { Client } from "@fairlead/client/client";
import { getIfThere } from "@fairlead/client/get-if-there";
import { type DiscoveredResource, discoverResources, resourceName } from "../discovered-resource.ts";

/** Events go by themselves, and there are many of them. */
const IGNORED: ReadonlySet<string> = new Set(["events.", "events.events.k8s.io"]);

/** What the caches are made with. */
export interface ResourceCachesOptions {
  readonly client: Client;
  readonly caches: CacheSource;
  onChange(resource: DiscoveredResource, change: CacheChange<KubeObject>): void;
  /** The resource of an object is not served any more. */
  onUnserved(resource: DiscoveredResource, object: KubeObject): void;
}

/** A cache for every resource that the API server has, also of those that come later. */
export interface ResourceCaches {
  /** Looks for resources that are new or gone, and waits until the new ones' objects are known. */
  refresh(signal: AbortSignal): Promise<void>;
  /** The resource of objects of that group and kind. */
  find(group: string, kind: string): DiscoveredResource | undefined;
  stop(): Promise<void>;
}

interface Entry {
  readonly resource: DiscoveredResource;
  readonly cache: Cache<KubeObject>;
  /** Resolves once all of its objects are known. */
  readonly known: Promise<unknown>;
}

/** No caches yet. */
export function resourceCaches({ client, caches, onChange, onUnserved }: ResourceCachesOptions): ResourceCaches {
  const entries = new Map<string, Entry>();

  function start(resource: DiscoveredResource): Entry {
    const cache = caches.open<KubeObject>(resource, { metadataOnly: true });
    const { caughtUp } = cache.follow((change) => onChange(resource, change));
    const known = Promise.all([cache.synced, caughtUp]);
    // It may reject before a refresh waits for it.
    known.catch(() => {});
    return { resource, cache, known };
  }

  return {
    async refresh(signal) {
      const { resources, failures } = await discoverResources(client, signal);
      const names = new Set<string>();
      for (const resource of resources) {
        const name = resourceName(resource);
        if (IGNORED.has(name) || !["list", "watch", "delete"].every((verb) => resource.verbs.includes(verb))) continue;
        names.add(name);
        if (!entries.has(name)) entries.set(name, start(resource));
      }
      // What a group that does not answer has is unknown, not gone.
      const gone = failures.length > 0 ? [] : [...entries].filter(([name]) => !names.has(name));
      for (const [name, entry] of gone) {
        // Before a definition goes, its objects do: the watch may have ended before it reported that.
        const isDefined = (await getIfThere(client, customResourceDefinitionKind, { name })) !== undefined;
        entries.delete(name);
        await entry.cache.stop();
        for (const object of entry.cache.list()) {
          if (isDefined) onUnserved(entry.resource, object);
          else onChange(entry.resource, { key: "", before: object, after: undefined });
        }
      }
      await Promise.all([...entries.values()].map(({ known }) => known));
    },
    find(group, kind) {
      for (const { resource } of entries.values())
        if (resource.group === group && resource.kind === kind) return resource;
      return undefined;
    },
    async stop() {
      await Promise.all([...entries.values()].map(({ cache }) => cache.stop()));
      entries.clear();
    },
  };
}
