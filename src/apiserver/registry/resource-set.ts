import type { Kind } from "@fairlead/api/kind";
import { apiVersionOf, groupResourceOf, type ResourceReference } from "@fairlead/api/resource-reference";
import { type Running, running } from "@fairlead/lib/running";
import { kindPrefix } from "./keys.ts";
import type { Resource, ServedDefinition } from "./resource.ts";
import type { ServedVersion } from "./served-version.ts";

/** A resource in the version that a request names. */
export interface FoundResource {
  readonly resource: Resource;
  readonly version: ServedVersion;
}

/** The resources that a server serves now. They come and go while it runs. */
export interface ResourceSet extends Running {
  /** Every served version, in the order of discovery. A change of the set makes another array. */
  readonly kinds: readonly Kind[];
  find(place: Pick<ResourceReference, "group" | "version" | "plural">): FoundResource | undefined;
  /**
   * Serves a resource from now on.
   *
   * @throws {Error} when a version of it is served already, or its objects would lie where another resource has its own.
   */
  add(definition: ServedDefinition): void;
  /** Serves the resource no longer, and ends its watches after what has happened until now. Its objects stay in the store. */
  remove(resource: Pick<ResourceReference, "group" | "plural">): Promise<void>;
  /** The resource of a group and plural, in whatever versions it is served. */
  get(resource: Pick<ResourceReference, "group" | "plural">): Resource | undefined;
  isServed(resource: Pick<ResourceReference, "group" | "plural">): boolean;
  /** Calls the listener after every change. Returns the unsubscriber. */
  onChange(listener: () => void): () => void;
}

/** @param serve - Makes what a server needs to serve a resource. */
export function createResourceSet(serve: (definition: ServedDefinition) => Resource): ResourceSet {
  const byPrefix = new Map<string, Resource>();
  /** Each plural has few groups and versions: to compare them takes less time than to make a key of all three. */
  let byPlural: ReadonlyMap<string, readonly FoundResource[]> = new Map();
  const listeners = new Set<() => void>();
  let kinds: readonly Kind[] = [];

  const find: ResourceSet["find"] = ({ group, version, plural }) =>
    byPlural.get(plural)?.find(({ version: { kind } }) => kind.version === version && kind.group === group);
  const changed = () => {
    const served = [...byPrefix.values()].flatMap((resource) =>
      [...resource.versions.values()].map((version) => ({ resource, version })),
    );
    kinds = served.map(({ version }) => version.kind);
    byPlural = Map.groupBy(served, ({ version }) => version.kind.plural);
    for (const listener of listeners) listener();
  };

  return {
    ...running(async () => {
      await Promise.all([...byPrefix.values()].map(({ cache }) => cache.stop()));
    }),
    get kinds() {
      return kinds;
    },
    get: (reference) => byPrefix.get(kindPrefix(reference)),
    isServed: (reference) => byPrefix.has(kindPrefix(reference)),
    find,
    add(definition) {
      const prefix = kindPrefix(definition.storage);
      const places = definition.versions.map(({ kind }) => placeText(kind));
      const taken = definition.versions.find(
        ({ kind }, index) => find(kind) !== undefined || places.indexOf(placeText(kind)) !== index,
      );
      if (taken !== undefined) throw new Error(`Cannot serve ${placeText(taken.kind)}: it is served already`);
      if (byPrefix.has(prefix))
        throw new Error(`Cannot serve ${groupResourceOf(definition.storage)}: ${prefix} is in use`);
      byPrefix.set(prefix, serve(definition));
      changed();
    },
    async remove(reference) {
      const prefix = kindPrefix(reference);
      const resource = byPrefix.get(prefix);
      if (resource === undefined) return;
      byPrefix.delete(prefix);
      changed();
      try {
        await resource.cache.catchUp();
      } finally {
        await resource.cache.stop();
      }
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** `apps/v1/deployments`; `v1/pods` in the core group. */
function placeText(place: Pick<ResourceReference, "group" | "version" | "plural">): string {
  return `${apiVersionOf(place)}/${place.plural}`;
}
