import type { FieldError } from "../field-error.ts";
import { invalid, required } from "../field-error.ts";
import type { ObjectMeta } from "../meta/v1/object-meta.ts";
import { validateObjectMeta } from "../meta/v1/validate-object-meta.ts";
import { dns1035LabelProblems, pathSegmentProblems } from "../names.ts";
import { ownValue } from "../own-property.ts";
import { isJsonObject, type JsonObject } from "../patch/json-object.ts";
import type { JsonSchema } from "./json-schema.ts";

/**
 * Returns what is wrong with the type and the metadata of the embedded resources of a value, whose metadata were decoded.
 *
 * Source: upstream's pkg/apiserver/schema/objectmeta/validation.go.
 */
export function embeddedProblems(schema: JsonSchema | undefined, value: unknown, path = ""): readonly FieldError[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => embeddedProblems(schema.items, item, `${path}[${index}]`));
  }
  if (!isJsonObject(value)) return [];
  const { properties, additionalProperties } = schema;
  const own = schema["x-kubernetes-embedded-resource"] === true ? objectProblems(value, path) : [];
  const below = Object.entries(value).flatMap(([name, inner]) => {
    const property = ownValue(properties, name);
    if (property !== undefined) return embeddedProblems(property, inner, fieldPath(path, name));
    return typeof additionalProperties === "object"
      ? embeddedProblems(additionalProperties, inner, `${path}[${name}]`)
      : [];
  });
  return [...own, ...below];
}

function fieldPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function objectProblems(object: JsonObject, path: string): readonly FieldError[] {
  const { apiVersion, kind, metadata } = object;
  return [
    ...(apiVersion === undefined ? [required(fieldPath(path, "apiVersion"))] : []),
    ...(kind === undefined ? [required(fieldPath(path, "kind"))] : []),
    ...(typeof apiVersion === "string" ? apiVersionProblems(apiVersion, fieldPath(path, "apiVersion")) : []),
    ...(typeof kind === "string" ? kindProblems(kind, fieldPath(path, "kind")) : []),
    // Decoding made it the metadata of an object.
    ...(isJsonObject(metadata) ? metaProblems(metadata as Partial<ObjectMeta>, path) : []),
  ];
}

/** Any name will do, also none: what the object is part of may name it later. */
function metaProblems(metadata: Partial<ObjectMeta>, path: string): readonly FieldError[] {
  const { name = "", namespace = "" } = metadata;
  const named = { ...metadata, name: name === "" ? "unnamed" : name } as ObjectMeta;
  const kind = { namespaced: namespace !== "", validateName: pathSegmentProblems };
  return validateObjectMeta(named, kind).map((problem) => ({ ...problem, path: fieldPath(path, problem.path) }));
}

function apiVersionProblems(apiVersion: string, path: string): readonly FieldError[] {
  if (apiVersion === "") return [invalid(path, apiVersion, "must not be empty")];
  const isWrong = apiVersion.split("/").length > 2;
  return isWrong ? [invalid(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)] : [];
}

function kindProblems(kind: string, path: string): readonly FieldError[] {
  if (kind === "") return [invalid(path, kind, "must not be empty")];
  const problems = dns1035LabelProblems(kind.toLowerCase());
  return problems.length === 0
    ? []
    : [invalid(path, kind, `may have mixed case, but should otherwise match: ${problems.join(",")}`)];
}
