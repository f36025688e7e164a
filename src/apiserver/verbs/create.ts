import { decodeObject } from "../../api/codec/decode-object.ts";
import type { KubeObject } from "../../api/resource-reference.ts";
import type { ApiResponse } from "../../client/transport.ts";
import { decodeBody } from "../http/body.ts";
import { bytesResponse } from "../http/response.ts";
import type { RequestedWriteOptions } from "../http/write-options.ts";
import { requestedWriteOptions, warningHeaders, writerOf } from "../http/write-options.ts";
import { createObject } from "../registry/create-object.ts";
import { badRequest } from "../registry/refusals.ts";
import type { VerbRequest } from "./verb-request.ts";
import { rendererFor } from "./verb-request.ts";

/** A new object, under the name in the body or a generated one. */
export async function create(request: VerbRequest): Promise<ApiResponse> {
  const { info, query, resource, environment, user } = request;
  const renderer = rendererFor(request);
  const options = requestedWriteOptions(query, "CreateOptions");
  const { object, warnings } = decodeGiven(request, options);
  const target = {
    resource,
    user,
    namespace: info.namespace,
    name: "",
    subresource: "",
    dryRun: options.dryRun,
    isAuthorized: true,
    writer: writerOf(request.request, options),
  };
  const { stored, warnings: ofKind } = await createObject(environment, target, object);
  return bytesResponse(201, "application/json", renderer.single(stored), warningHeaders([...warnings, ...ofKind]));
}

export interface GivenObject {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/** The object in the body of a create or update. Refused when its namespace is not the one in the path. */
export function decodeGiven(
  { request, info, resource }: VerbRequest,
  { fieldValidation }: RequestedWriteOptions,
): GivenObject {
  const { kind } = resource;
  const { value, duplicates } = decodeBody(request, kind);
  const decoded = decodeObject(kind, value, { fieldValidation, duplicates });
  if (decoded.error !== undefined) throw decoded.error;
  assertNamespace(decoded.object, kind.namespaced ? info.namespace : "");
  return decoded;
}

function assertNamespace({ metadata }: KubeObject, namespace: string): void {
  const said = metadata.namespace ?? "";
  if (said !== "" && said !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
}
