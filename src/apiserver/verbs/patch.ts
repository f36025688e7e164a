import { decodeObject } from "../../api/codec/decode-object.ts";
import type { KubeObject } from "../../api/kind.ts";
import type { ApiResponse } from "../../client/transport.ts";
import { decodeBody, mediaTypeOf, unsupportedMediaType } from "../http/body.ts";
import { bytesResponse } from "../http/response.ts";
import { requestedWriteOptions, warningHeaders, writerOf } from "../http/write-options.ts";
import { badRequest, notFound } from "../registry/refusals.ts";
import { updateObject } from "../registry/update-object.ts";
import { APPLY_TYPE, apply, assertNotForced } from "./apply.ts";
import { jsonOf, patchFunctions, undecodablePatch } from "./patch-function.ts";
import type { VerbRequest } from "./verb-request.ts";
import { rendererFor } from "./verb-request.ts";

/** Changes parts of an object. When another write comes between, the patch is applied to what that one left. */
export async function patch(request: VerbRequest): Promise<ApiResponse> {
  const { info, query, resource, environment, user } = request;
  const { kind } = resource;
  const mediaType = mediaTypeOf(request.request);
  if (mediaType === APPLY_TYPE) return apply(request);
  const change = patchFunctions.get(mediaType);
  if (change === undefined) throw unsupportedMediaType([...patchFunctions.keys(), APPLY_TYPE]);
  const renderer = rendererFor(request);
  const options = requestedWriteOptions(query, "PatchOptions");
  assertNotForced(options);
  const body = decodeBody({ ...request.request, headers: { "content-type": "application/json" } }, kind);
  let warnings: readonly string[] = [];

  const transform = (previous: KubeObject | undefined): KubeObject => {
    if (previous === undefined) throw notFound(kind, info.name);
    const patched = change(kind, jsonOf(kind, previous), body.value);
    const decoded = decodeObject(kind, patched, { ...options, duplicates: body.duplicates });
    if (decoded.error !== undefined) throw undecodablePatch(decoded.error, patched);
    const { name } = decoded.object.metadata;
    if (name !== info.name) {
      throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
    }
    warnings = decoded.warnings;
    return decoded.object;
  };
  const { namespace, name, subresource } = info;
  const writer = writerOf(request.request, options);
  const target = {
    resource,
    user,
    namespace,
    name,
    subresource,
    dryRun: options.dryRun,
    createsMissing: false,
    writer,
  };
  const { stored } = await updateObject(environment, { ...target, transform });
  return bytesResponse(200, "application/json", renderer.single(stored), warningHeaders(warnings));
}
