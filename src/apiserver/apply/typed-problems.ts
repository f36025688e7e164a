import { goSyntax, goType, goValue } from "@fairlead/api/codec/go-value";
import { isNumeric } from "@fairlead/api/codec/json-number";
import type { List, Scalar, Schema, Struct } from "@fairlead/api/schema";
import { shownStep } from "./field-set.ts";
import { isObject, itemStep, schemaBelow } from "./schema-steps.ts";

/**
 * Returns why a value that is applied does not fit the schema, one line each: `.spec.foo: field not declared in schema`.
 *
 * Source of the rules and the messages: `typed/validate.go` of structured-merge-diff v6.3. An apply refuses unknown fields
 * and repeated list items even where other writes only warn, because it could not determine their owner.
 */
export function typedProblems(schema: Schema, value: unknown, path = ""): readonly string[] {
  if (value === undefined || value === null || schema.type === "json") return [];
  const problem = (text: string) => [`${path === "" ? "" : `${path}: `}${text}`];
  switch (schema.type) {
    case "struct":
    case "map":
      if (!isObject(value)) return problem(`expected map, got &{${goValue(value)}}`);
      return schema.type === "map"
        ? Object.entries(value).flatMap(([name, inner]) => typedProblems(schema.values, inner, `${path}.${name}`))
        : fieldProblems(schema, value, path);
    case "list":
      if (!Array.isArray(value)) return problem(`expected list, got &{${goValue(value)}}`);
      return itemProblems(schema, value, path);
    default: {
      const text = scalarProblem(schema, value);
      return text === undefined ? [] : problem(text);
    }
  }
}

/** The first undeclared field of a struct ends the check of the struct, as upstream's. */
function fieldProblems(struct: Struct, value: Readonly<Record<string, unknown>>, path: string): readonly string[] {
  const problems: string[] = [];
  if (Object.keys(struct.fields).length === 0 && struct.otherFields === undefined) return problems;
  for (const [name, inner] of Object.entries(value)) {
    const below = schemaBelow(struct, name);
    if (below === undefined) return [...problems, `${path}.${name}: field not declared in schema`];
    problems.push(...typedProblems(below, inner, `${path}.${name}`));
  }
  return problems;
}

function itemProblems(list: List, items: readonly unknown[], path: string): readonly string[] {
  const isAssociative = list.listType === "map" || list.listType === "set";
  const problem = (text: string) => `${path === "" ? "" : `${path}: `}${text}`;
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const unusable = isAssociative ? keyProblem(list, item) : undefined;
    if (unusable !== undefined) return [...problems, problem(`element ${index}: ${unusable}`)];
    const step = isAssociative ? itemStep(list, item) : `i:${index}`;
    if (seen.has(step)) problems.push(problem(`duplicate entries for key ${shownStep(step)}`));
    seen.add(step);
    problems.push(...typedProblems(list.items, item, path + shownStep(step)));
  }
  return problems;
}

/** Why an item has no place in its list, or `undefined`. */
function keyProblem({ listType, items, mapKeys = [] }: List, item: unknown): string | undefined {
  if (listType === "set") {
    if (isObject(item)) return "associative list without keys has an element that's a map type";
    if (Array.isArray(item)) return "not supported: associative list with lists as elements";
    return item === null ? "associative list without keys has an element that's an explicit null" : undefined;
  }
  if (item === null) return "associative list with keys may not have a null element";
  if (!isObject(item)) return "associative list with keys may not have non-map elements";
  const fields = items.type === "struct" ? items.fields : {};
  const hasKey = mapKeys.some((key) => Object.hasOwn(item, key) || fields[key]?.options.default !== undefined);
  if (hasKey) return undefined;
  const keys = mapKeys.map((key) => JSON.stringify(key)).join(" ");
  return `associative list with keys has an element that omits all key fields [${keys}] (and doesn't have default values for any key fields)`;
}

function scalarProblem({ type }: Scalar, value: unknown): string | undefined {
  switch (type) {
    case "string":
    case "bytes":
      if (typeof value === "string") return undefined;
      return `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case "bool":
      return typeof value === "boolean" ? undefined : `expected boolean, got &{${goValue(value)}}`;
    case "int32":
    case "int64":
    case "double":
      return isNumeric(value) ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    default:
      return typeof value === "object" && !isNumeric(value)
        ? `expected any scalar, got &{${goValue(value)}}`
        : undefined;
  }
}
