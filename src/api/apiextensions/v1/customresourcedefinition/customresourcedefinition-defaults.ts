import type { CustomResourceDefinition } from "./customresourcedefinition-schema.ts";

/**
 * Fills in the names that follow from the kind, and the storage version as the only one in which objects are stored.
 *
 * Source: upstream's pkg/apis/apiextensions/v1/defaults.go.
 */
export function withCustomResourceDefinitionDefaults(definition: CustomResourceDefinition): CustomResourceDefinition {
  const { spec, status } = definition;
  const { singular = "", listKind = "", kind } = spec.names;
  const names = {
    ...spec.names,
    singular: singular === "" ? kind.toLowerCase() : singular,
    ...(listKind === "" && kind !== "" && { listKind: `${kind}List` }),
  };
  const storedVersions = status.storedVersions ?? [];
  const storage = spec.versions.find((version) => version.storage);
  return {
    ...definition,
    spec: { ...spec, names },
    status: storedVersions.length > 0 || storage === undefined ? status : { ...status, storedVersions: [storage.name] },
  };
}
