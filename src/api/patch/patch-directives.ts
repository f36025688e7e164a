import { goValue } from "../codec/go-value.ts";
import { StatusError } from "../status-error.ts";
import { copyJson } from "./copy-json.ts";
import type { JsonObject } from "./json-object.ts";
import { isJsonObject } from "./json-object.ts";

/** Says what to do with the object it stands in: `replace`, `delete`, or in a list also `merge`. */
export const PATCH = "$patch";
/** Names the keys that may stay. */
export const RETAIN_KEYS = "$retainKeys";
/** `$deleteFromPrimitiveList/finalizers`: the scalars to take out of a list. */
export const DELETE_FROM = "$deleteFromPrimitiveList/";
/** `$setElementOrder/containers`: the order in which the items of a list should stand. */
export const SET_ORDER = "$setElementOrder/";

/** Whether the key is one of the directives that stand beside the fields they are about. */
export function isDirective(key: string): boolean {
  return key === PATCH || key === RETAIN_KEYS || key.startsWith(DELETE_FROM) || key.startsWith(SET_ORDER);
}

/** A refusal of the patch itself, before it meets the object. */
export function badPatch(message: string): StatusError {
  return new StatusError("BadRequest", message);
}

/** What upstream does not count among the refusals: it answers these as failures of its own, without a reason. */
export function failedPatch(message: string): StatusError {
  return new StatusError("Unknown", message);
}

/** A `$patch` that is not known. */
export function unknownDirective(directive: unknown, patch: unknown): StatusError {
  return failedPatch(`unknown patch type: ${goValue(directive)} in map: ${goValue(patch)}`);
}

/**
 * Copies a value that is new to the object, without directives and `null`s. `undefined` when a directive removes all of it.
 */
export function withoutDirectives(value: unknown): unknown {
  if (isDirected(value)) return undefined;
  return copyJson(value, { entry: (inner) => inner === null || isDirected(inner), item: isDirected });
}

function isDirected(value: unknown): boolean {
  return isJsonObject(value) && Object.hasOwn(value, PATCH);
}

/** What of the original `$retainKeys` lets stay; all of it when the patch has no such directive. */
export function retained(original: JsonObject, patch: JsonObject): Record<string, unknown> {
  const keys = patch[RETAIN_KEYS];
  if (keys === undefined) return { ...original };
  const kept = new Set<unknown>(Array.isArray(keys) ? keys : []);
  const isComplete =
    Array.isArray(keys) &&
    Object.entries(patch).every(([key, value]) => value === null || isDirective(key) || kept.has(key));
  if (!isComplete) throw badPatch("invalid patch format of retainKeys");
  return Object.fromEntries(Object.entries(original).filter(([key]) => kept.has(key)));
}
