import { jsonType } from "@fairlead/api/codec/go-type";
import type { JsonObject } from "@fairlead/api/patch/json-object";
import { isJsonObject } from "@fairlead/api/patch/json-object";
import type { StatusError } from "@fairlead/api/status-error";
import { badRequest } from "../registry/refusals.ts";
import type { DecodedBody, ServedRequest } from "./body.ts";
import { bodyOf, mediaTypeOf, parsed } from "./body.ts";

/** The media type of a server-side apply. */
export const APPLY_TYPE = "application/apply-patch+yaml";
/** The media type of a strategic merge patch. */
export const STRATEGIC_TYPE = "application/strategic-merge-patch+json";
/** The media type of a JSON merge patch. */
export const MERGE_PATCH_TYPE = "application/merge-patch+json";
/** The media type of a JSON patch. */
export const JSON_PATCH_TYPE = "application/json-patch+json";

const MAP = "Go value of type map[string]interface {}";

/**
 * Reads the body of a patch that is written in JSON. A JSON patch may be anything here: its own reader refuses it.
 *
 * @throws {StatusError} `BadRequest` for what is no JSON, or for a merge patch that is neither an object nor `null`.
 */
export function decodePatch(request: ServedRequest): DecodedBody {
  const mediaType = mediaTypeOf(request);
  const refused = (error: Error) =>
    badRequest(mediaType === STRATEGIC_TYPE ? error.message : `error decoding patch: ${error.message}`);
  // Upstream merges a strategic patch as values without types, and the others as text.
  const body = request.decoded ?? parsed(bodyOf(request), "json", refused, { untyped: mediaType === STRATEGIC_TYPE });
  if (mediaType === JSON_PATCH_TYPE || body.value === null || isJsonObject(body.value)) return body;
  throw refused(notObject(body.value));
}

/** Reads the body of a server-side apply. @throws {StatusError} `BadRequest` for what is no object in YAML. */
export function decodeApply(request: ServedRequest): DecodedBody & { readonly value: JsonObject } {
  const body = request.decoded ?? parsed(bodyOf(request), "yaml", undecodableApply);
  if (isJsonObject(body.value)) return { ...body, value: body.value };
  if (body.value === null) return { ...body, value: {} };
  const problem = notObject(body.value).message;
  throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${problem}`);
}

/** The refusal of an apply that is no YAML. */
export function undecodableApply(error: Error): StatusError {
  return badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
}

function notObject(value: unknown): Error {
  return new SyntaxError(`json: cannot unmarshal ${jsonType(value)} into ${MAP}`);
}
