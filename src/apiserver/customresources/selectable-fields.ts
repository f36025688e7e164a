import type { CustomResourceDefinitionVersion } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition-schema";
import { findByPath } from "@fairlead/api/json-path/find-by-path";
import { parseJsonPath } from "@fairlead/api/json-path/parse-json-path";
import type { FieldReader } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";

type SelectableFields = NonNullable<CustomResourceDefinitionVersion["selectableFields"]>;

/** Returns how the fields that selectors may name are read, by their names: `spec.color`. */
export function selectableFieldReaders(fields: SelectableFields): Readonly<Record<string, FieldReader<KubeObject>>> {
  return Object.fromEntries(
    fields.map(({ jsonPath }) => {
      const path = parseJsonPath(jsonPath);
      const read = (object: KubeObject): string => {
        const [value] = "error" in path ? [] : (findByPath(path, object) ?? []);
        return value === undefined || value === null ? "" : String(value);
      };
      return [jsonPath.replace(/^\./, ""), read];
    }),
  );
}
