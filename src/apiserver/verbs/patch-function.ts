import { encodeObject } from "../../api/codec/encode.ts";
import { jsonText } from "../../api/codec/json-text.ts";
import { parseApiJson } from "../../api/codec/parse-json.ts";
import { invalid } from "../../api/field-error.ts";
import type { Kind, KubeObject } from "../../api/kind.ts";
import type { JsonObject } from "../../api/patch/json-object.ts";
import { jsonPatch } from "../../api/patch/json-patch.ts";
import { mergePatch } from "../../api/patch/merge-patch.ts";
import { strategicMerge } from "../../api/patch/strategic-merge.ts";
import type { StatusError } from "../../api/status-error.ts";
import { invalidObject } from "../../api/status-error.ts";

/** From the JSON of the stored object to the JSON that a patch makes of it. */
export type PatchFunction = (kind: Kind, current: JsonObject, patch: unknown) => JsonObject;

/** The media type of a strategic merge patch. */
export const STRATEGIC_MERGE_TYPE = "application/strategic-merge-patch+json";

/** The formats of patches that are understood, by media type. */
export const patchFunctions: ReadonlyMap<string, PatchFunction> = new Map<string, PatchFunction>([
  ["application/json-patch+json", (_kind, current, patch) => jsonPatch(current, patch)],
  ["application/merge-patch+json", (_kind, current, patch) => mergePatch(current, patch)],
  [STRATEGIC_MERGE_TYPE, (kind, current, patch) => strategicMerge(kind.schema, current, patch)],
]);

/** The object as clients see it, which is what their patches are about. */
export function jsonOf(kind: Kind, object: KubeObject): JsonObject {
  return parseApiJson(encodeObject(kind, object)) as JsonObject;
}

/** Upstream says of a patch whose result cannot be decoded that the patch is invalid, and shows it. */
export function undecodablePatch(error: StatusError, patched: JsonObject): StatusError {
  const detail = error.message.replace(/^.*? cannot be handled as an? \w+: /, "");
  return invalidObject("", "", "", [invalid("patch", jsonText(patched), detail)]);
}
