import { decodeObject } from "@fairlead/api/codec/decode-object";
import { declaredSchema } from "@fairlead/api/kind";
import { isJsonObject } from "@fairlead/api/patch/json-object";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { StatusError } from "@fairlead/api/status-error";
import { type Answer, objectAnswer } from "../answers/answer.ts";
import { mediaTypeOf, unsupportedMediaType } from "../http/body.ts";
import { APPLY_TYPE, decodePatch, JSON_PATCH_TYPE, MERGE_PATCH_TYPE, STRATEGIC_TYPE } from "../http/patch-body.ts";
import type { RequestedWriteOptions } from "../http/write-options.ts";
import { requestedWriteOptions } from "../http/write-options.ts";
import { badRequest, notFound } from "../registry/refusals.ts";
import { fromStorage, shownObject, toStorage } from "../registry/served-version.ts";
import { updateObject } from "../registry/update-object.ts";
import { apply, assertNotForced } from "./apply.ts";
import { jsonOf, patchFunctions, undecodablePatch } from "./patch-function.ts";
import { type VerbRequest, writeTarget } from "./verb-request.ts";

/** Changes parts of an object. When another write comes between, the patch is applied to what that one left. */
export async function patch(request: VerbRequest): Promise<Answer> {
  const { info, query, resource, version, environment } = request;
  if (mediaTypeOf(request.request) === APPLY_TYPE) return apply(request);
  const options = requestedWriteOptions(query, "PatchOptions");
  const patched = patchOf(request, options);
  const transform = async (previous: KubeObject | undefined) => {
    if (previous === undefined) throw notFound(resource.kind, info.name);
    return toStorage(version, patched(await fromStorage(version, previous)));
  };
  const target = { ...writeTarget(request, options), createsMissing: false };
  const { stored } = await updateObject(environment, { ...target, transform });
  return objectAnswer(200, version, await shownObject(version, stored));
}

/**
 * Patches an object.
 *
 * @throws {StatusError} when the patch does not fit the object, or makes of it what is none of the kind.
 */
export type ObjectPatch = (current: KubeObject) => KubeObject;

/** Returns the patch in the body of a request, for objects in the version of the path. Server-side apply is not among them. */
export function patchOf({ request, info, version, warn }: VerbRequest, options: RequestedWriteOptions): ObjectPatch {
  const { kind } = version;
  const mediaType = mediaTypeOf(request);
  const change = patchFunctions.get(mediaType);
  if (declaredSchema(kind) === undefined && (change === undefined || mediaType === STRATEGIC_TYPE)) {
    throw unsupportedMediaType([JSON_PATCH_TYPE, MERGE_PATCH_TYPE, APPLY_TYPE]);
  }
  // Upstream's router refuses it, whose words these are.
  if (change === undefined) {
    throw new StatusError("UnsupportedMediaType", "415: Unsupported Media Type", { details: {} });
  }
  assertNotForced(options);
  const body = decodePatch(request);
  const isAboutManagers = mayChangeManagedFields(body.value);
  return (current) => {
    const json = change(kind, jsonOf(kind, isAboutManagers ? current : withoutManagedFields(current)), body.value);
    const decoded = decodeObject(kind, json, { ...options, duplicates: body.duplicates });
    if (decoded.error !== undefined) {
      throw undecodablePatch(decoded.error, { mediaType, patch: body.value, patched: json });
    }
    const { name } = decoded.object.metadata;
    if (name !== info.name) {
      throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
    }
    warn(decoded.warnings);
    return decoded.object;
  };
}

/** Whether a patch may read or write `metadata.managedFields`. Entries that a write leaves out are kept. */
function mayChangeManagedFields(patch: unknown): boolean {
  if (!Array.isArray(patch)) {
    const metadata = isJsonObject(patch) ? patch.metadata : undefined;
    return isJsonObject(metadata)
      ? Object.keys(metadata).some((key) => key.includes("managedFields"))
      : metadata === null;
  }
  return patch.some((operation) => {
    const paths = isJsonObject(operation) ? [operation.path, operation.from] : [];
    return paths.some((at) => typeof at === "string" && /^(\/metadata(\/managedFields.*)?)?$/s.test(at));
  });
}

/** Most of an object can be its managed fields: they need not be encoded, merged and decoded for every patch. */
function withoutManagedFields(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, managedFields: undefined } };
}
