import {
  type CustomResourceDefinition,
  customResourceDefinitionKind,
} from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import { isConflict, isNotFound } from "@fairlead/api/status-error";
import type { Cache } from "@fairlead/client/cache/cache";
import type { Client } from "@fairlead/client/client";

/** Reads definitions and writes their status. What was written is read back at once. */
export interface DefinitionWriter {
  /** The newest known state of a definition; `undefined` for one that is gone. */
  current(name: string): CustomResourceDefinition | undefined;
  /** The newest known states of the definitions of a group. */
  ofGroup(group: string): readonly CustomResourceDefinition[];
  /** Writes the status, and finalizers. `undefined`: another write came first, or the definition is gone; its watch event follows. */
  write(definition: CustomResourceDefinition): Promise<CustomResourceDefinition | undefined>;
}

/** @param definitions - Has what was written only some time later. */
export function createDefinitionWriter(client: Client, definitions: Cache<CustomResourceDefinition>): DefinitionWriter {
  const written = new Map<string, CustomResourceDefinition>();

  function newest(cached: CustomResourceDefinition): CustomResourceDefinition {
    const { name, uid, resourceVersion } = cached.metadata;
    const own = written.get(name);
    if (own?.metadata.uid !== uid || Number(own.metadata.resourceVersion) <= Number(resourceVersion)) {
      written.delete(name);
      return cached;
    }
    return own;
  }

  return {
    current(name) {
      const cached = definitions.get(name);
      if (cached !== undefined) return newest(cached);
      written.delete(name);
      return undefined;
    },
    ofGroup: (group) =>
      definitions
        .list()
        .filter(({ spec }) => spec.group === group)
        .map(newest),
    async write(definition) {
      try {
        const stored = await client.update(customResourceDefinitionKind, definition, { subresource: "status" });
        written.set(stored.metadata.name, stored);
        return stored;
      } catch (error) {
        if (isConflict(error) || isNotFound(error)) return undefined;
        throw error;
      }
    },
  };
}
