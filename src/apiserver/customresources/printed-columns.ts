import type { CustomResourceColumnDefinition } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition-schema";
import { isNumeric } from "@fairlead/api/codec/json-number";
import { jsonText } from "@fairlead/api/codec/json-text";
import type { Column } from "@fairlead/api/column";
import { nameColumn } from "@fairlead/api/columns";
import { humanDuration } from "@fairlead/api/human-duration";
import { findByPath } from "@fairlead/api/json-path/find-by-path";
import { parseJsonPath } from "@fairlead/api/json-path/parse-json-path";
import type { KubeObject } from "@fairlead/api/resource-reference";

/** Printed where a definition names no columns. */
const AGE: CustomResourceColumnDefinition = {
  name: "Age",
  type: "date",
  description: "When the object was created.",
  jsonPath: ".metadata.creationTimestamp",
};

/**
 * Returns the columns that a definition's objects are printed with: the name, and those that it names up to the first whose path
 * cannot be read.
 *
 * Source: upstream's pkg/registry/customresource/tableconvertor.
 */
export function printedColumns(definitions: readonly CustomResourceColumnDefinition[]): readonly Column<KubeObject>[] {
  const columns: Column<KubeObject>[] = [nameColumn];
  for (const definition of definitions.length === 0 ? [AGE] : definitions) {
    const column = columnOf(definition);
    if (column === undefined) break;
    columns.push(column);
  }
  return columns;
}

function columnOf(definition: CustomResourceColumnDefinition): Column<KubeObject> | undefined {
  const { name, type, format = "", description = "", priority = 0, jsonPath } = definition;
  const path = parseJsonPath(jsonPath);
  if ("error" in path) return undefined;
  return {
    name,
    type: type as Column<KubeObject>["type"],
    ...(format !== "" && { format }),
    description:
      description === "" ? `Custom resource definition column (in JSONPath format): ${jsonPath}` : description,
    priority,
    cell(object, now) {
      const found = findByPath(path, object);
      return found === undefined || found.length === 0 ? null : cellOf(type, found[0], now);
    },
  };
}

type Cell = string | number | bigint | boolean | null;

function cellOf(type: string, value: unknown, now: number): Cell {
  switch (type) {
    case "string":
      return textOf(value);
    case "integer":
      if (typeof value === "bigint") return value;
      return isNumeric(value) ? Math.trunc(Number(value)) : null;
    case "number":
      return isNumeric(value) ? Number(value) : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      return typeof value === "string" ? ageCell(value, now) : null;
    default:
      return null;
  }
}

/** As Go prints a value: lists and objects as JSON. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null) return "<nil>";
  return typeof value === "object" && !isNumeric(value) ? jsonText(value) : String(value);
}

function ageCell(text: string, now: number): string {
  if (text === "" || text === "null") return "<unknown>";
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? "<invalid>" : humanDuration(now - at);
}
