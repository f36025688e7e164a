import { StatusError } from "../status-error.ts";
import type { JsonObject } from "./json-object.ts";
import { isJsonObject } from "./json-object.ts";

/**
 * Applies a JSON merge patch (RFC 7386): objects are merged, `null` removes, everything else replaces.
 *
 * @throws {StatusError} `BadRequest` for a patch that is no object.
 */
export function mergePatch(current: JsonObject, patch: unknown): JsonObject {
  if (!isJsonObject(patch)) throw new StatusError("BadRequest", "Invalid JSON Patch");
  return merged(current, patch);
}

function merged(current: unknown, patch: JsonObject): JsonObject {
  const result: Record<string, unknown> = isJsonObject(current) ? { ...current } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = isJsonObject(value) ? merged(result[key], value) : value;
  }
  return result;
}
