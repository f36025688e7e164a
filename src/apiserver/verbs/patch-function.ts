import { encodeObject } from "@fairlead/api/codec/encode";
import { goValue } from "@fairlead/api/codec/go-value";
import { jsonText } from "@fairlead/api/codec/json-text";
import { parseApiJson } from "@fairlead/api/codec/parse-json";
import { invalid } from "@fairlead/api/field-error";
import type { Kind } from "@fairlead/api/kind";
import type { JsonObject } from "@fairlead/api/patch/json-object";
import { jsonPatch } from "@fairlead/api/patch/json-patch";
import { mergePatch } from "@fairlead/api/patch/merge-patch";
import { strategicMerge } from "@fairlead/api/patch/strategic-merge";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { StatusError } from "@fairlead/api/status-error";
import { invalidObject } from "@fairlead/api/status-error";
import { JSON_PATCH_TYPE, MERGE_PATCH_TYPE, STRATEGIC_TYPE } from "../http/patch-body.ts";

/** From the JSON of the stored object to the JSON that a patch makes of it. */
export type PatchFunction = (kind: Kind, current: JsonObject, patch: unknown) => JsonObject;

/** The formats of patches that are understood, by media type. */
export const patchFunctions: ReadonlyMap<string, PatchFunction> = new Map<string, PatchFunction>([
  [JSON_PATCH_TYPE, (_kind, current, patch) => jsonPatch(current, patch)],
  [MERGE_PATCH_TYPE, (_kind, current, patch) => mergePatch(current, patch)],
  [STRATEGIC_TYPE, (kind, current, patch) => strategicMerge(kind.schema, current, patch)],
]);

/** The object as clients see it, which is what their patches are about. */
export function jsonOf(kind: Kind, object: KubeObject): JsonObject {
  return parseApiJson(encodeObject(kind, object)) as JsonObject;
}

/** What a patch came to that cannot be decoded. */
export interface UndecodablePatch {
  readonly mediaType: string;
  readonly patch: unknown;
  readonly patched: JsonObject;
}

/**
 * Upstream says of a patch whose result cannot be decoded that the patch is invalid. It shows the result as JSON, but of a
 * strategic merge patch, which it converts without JSON, the patch as Go prints it.
 */
export function undecodablePatch(error: StatusError, { mediaType, patch, patched }: UndecodablePatch): StatusError {
  const detail = error.message.replace(/^.*? cannot be handled as an? \w+: /, "");
  return invalidObject("", "", "", [
    mediaType === STRATEGIC_TYPE
      ? invalid("patch", goValue(patch), unconvertible(detail))
      : invalid("patch", jsonText(patched), detail),
  ]);
}

/** Go's kinds of what JSON calls otherwise. */
const KINDS: Readonly<Record<string, string>> = { object: "map", array: "slice", number: "int64" };

/** The words of upstream's converter for what its JSON decoder says of a value of the wrong type. */
function unconvertible(detail: string): string {
  const [, from = "", number, to] = /^json: cannot unmarshal (\w+)( \S+)? into .* of type (\S.*)$/.exec(detail) ?? [];
  if (to === undefined) return detail;
  // Upstream's converter keeps the low bits of an integer that is out of range, and has no words for it.
  if (number !== undefined && Number.isInteger(Number(number))) return detail;
  const kind = number === undefined ? (KINDS[from] ?? from) : "float64";
  if (to.startsWith("[]")) return `cannot restore slice from ${kind}`;
  if (to.startsWith("map[")) return `cannot restore map from ${kind}`;
  if (to.includes(".")) return `cannot restore struct from: ${kind}`;
  return kind === "int64" && to === "string" ? "cannot convert int64 to string" : `unrecognized type: ${to}`;
}
