import type { CustomResourceDefinitionVersion } from "../../api/apiextensions/v1/customresourcedefinition/customresourcedefinition-schema.ts";
import { findByPath } from "../../api/json-path/find-by-path.ts";
import { parseJsonPath } from "../../api/json-path/parse-json-path.ts";
import type { FieldReader } from "../../api/kind.ts";
import type { KubeObject } from "../../api/resource-reference.ts";

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
