import { setOwn } from "../own-property.ts";
import { isJsonNumber } from "./json-number.ts";
import { parseApiJson } from "./parse-json.ts";

/**
 * Returns what a JSON text of the value would be read as, without writing it: nothing is shared with the value, fields that
 * are undefined are left out, and numbers that JSON does not have are null.
 */
export function jsonCopy(value: unknown): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : null;
    case "object":
      return value === null ? null : containerCopy(value);
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    default:
      return null;
  }
}

function containerCopy(value: object): unknown {
  if (Array.isArray(value)) return value.map(jsonCopy);
  if (isJsonNumber(value)) return value;
  if ("toJSON" in value && typeof value.toJSON === "function") return parseApiJson(JSON.stringify(value));
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined || typeof inner === "function" || typeof inner === "symbol") continue;
    setOwn(copy, key, jsonCopy(inner));
  }
  return copy;
}
