import { conditionIsTrue } from "@fairlead/api/apiextensions/v1/customresourcedefinition/conditions";
import type { CustomResourceDefinition } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import { groupResourceOf } from "@fairlead/api/resource-reference";
import type { Logger } from "@fairlead/lib/log";
import type { ServedResources } from "../server.ts";
import { customResourceOf } from "./custom-resource.ts";
import { isServed, isServedAlike } from "./plan-status.ts";

/** The definitions whose resources a server serves. */
export interface ServedDefinitions {
  /** Whether the resource of a definition is served. */
  has(name: string): boolean;
  /** Serves the resource as the definition describes it, from now on; where it cannot be served, no longer. */
  serve(definition: CustomResourceDefinition): void;
  /** Serves the resource of a definition no longer. */
  withdraw(name: string): void;
}

/** None yet. */
export function createServedDefinitions(resources: ServedResources, log: Logger): ServedDefinitions {
  const served = new Map<string, CustomResourceDefinition>();

  function withdraw(name: string): void {
    const definition = served.get(name);
    if (definition === undefined) return;
    served.delete(name);
    const reference = referenceOf(definition);
    resources.remove(reference).catch((error: unknown) => {
      log.warn("Cannot stop serving a custom resource", { resource: groupResourceOf(reference), error });
    });
  }

  return {
    has: (name) => served.has(name),
    withdraw,
    serve(definition) {
      const { name } = definition.metadata;
      const before = served.get(name);
      if (before !== undefined && isServedAlike(before, definition)) return;
      const isEnding = conditionIsTrue(definition, "Terminating");
      const resource = isServed(definition) ? customResourceOf(definition, { isEnding }) : undefined;
      withdraw(name);
      if (resource === undefined) return;
      if (resources.isServed(referenceOf(definition))) {
        log.warn("A CustomResourceDefinition describes a built-in resource: its objects are not served", { name });
        return;
      }
      resources.add(resource);
      served.set(name, definition);
    },
  };
}

/** Returns the resource that a definition describes. */
export function referenceOf({ spec }: CustomResourceDefinition): { readonly group: string; readonly plural: string } {
  return { group: spec.group, plural: spec.names.plural };
}
