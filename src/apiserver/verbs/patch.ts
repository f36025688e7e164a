import { decodeObject } from "../../api/codec/decode-object.ts";
import type { KubeObject } from "../../api/kind.ts";
import type { ApiResponse } from "../../client/transport.ts";
import { decodeBody, mediaTypeOf, unsupportedMediaType } from "../http/body.ts";
import { bytesResponse } from "../http/response.ts";
import { requestedWriteOptions, warningHeaders } from "../http/write-options.ts";
import { badRequest } from "../registry/refusals.ts";
import { updateObject } from "../registry/update-object.ts";
import { patchFunction } from "./patch-function.ts";
import type { VerbRequest } from "./verb-request.ts";
import { rendererFor } from "./verb-request.ts";

/** The formats of patches that are understood. */
const PATCH_TYPES = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];

/** Changes parts of an object. When another write comes between, the patch is applied to what that one left. */
export async function patch(request: VerbRequest): Promise<ApiResponse> {
  const { info, query, resource, environment, user } = request;
  const { kind } = resource;
  const mediaType = mediaTypeOf(request.request);
  if (!PATCH_TYPES.includes(mediaType)) throw unsupportedMediaType(PATCH_TYPES);
  const renderer = rendererFor(request);
  const options = requestedWriteOptions(query, "PatchOptions");
  const body = decodeBody({ ...request.request, headers: { "content-type": "application/json" } }, kind.kind);
  const change = patchFunction(kind, mediaType, body.value);
  let warnings: readonly string[] = [];

  const transform = (previous: KubeObject | undefined): KubeObject => {
    const decoded = decodeObject(kind, change(previous), { ...options, duplicates: body.duplicates });
    if (decoded.error !== undefined) throw decoded.error;
    const { name } = decoded.object.metadata;
    if (name !== info.name) {
      throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
    }
    warnings = decoded.warnings;
    return decoded.object;
  };
  const { namespace, name, subresource } = info;
  const target = { resource, user, namespace, name, subresource, dryRun: options.dryRun, createsMissing: false };
  const { stored } = await updateObject(environment, { ...target, transform });
  return bytesResponse(200, "application/json", renderer.single(stored), warningHeaders(warnings));
}
