import { ownValue, setOwn } from "../own-property.ts";
import { StatusError } from "../status-error.ts";
import { copyJson } from "./copy-json.ts";
import type { JsonObject } from "./json-object.ts";
import { isJsonObject } from "./json-object.ts";

/**
 * Applies a JSON merge patch (RFC 7386): objects are merged, `null` removes, everything else replaces.
 *
 * Works without recursion: clients may nest patches deeper than the stack allows.
 *
 * @throws {StatusError} `BadRequest` for a patch that is not an object.
 */
export function mergePatch(current: JsonObject, patch: unknown): JsonObject {
  if (!isJsonObject(patch)) throw new StatusError("BadRequest", "Invalid JSON Patch");
  const result: Record<string, unknown> = { ...current };
  const unfinished = [{ into: result, patch }];
  for (let next = unfinished.pop(); next !== undefined; next = unfinished.pop()) {
    const { into } = next;
    for (const [key, value] of Object.entries(next.patch)) {
      const known = ownValue(into, key);
      if (value === null) delete into[key];
      else if (isJsonObject(known) && isJsonObject(value)) {
        const merged = { ...known };
        setOwn(into, key, merged);
        unfinished.push({ into: merged, patch: value });
      } else setOwn(into, key, copyJson(value, { entry: (inner) => inner === null }));
    }
  }
  return result;
}
