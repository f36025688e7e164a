import { encodeObject } from "../../api/codec/encode.ts";
import { groupResourceOf } from "../../api/resource-reference.ts";
import { invalidObject } from "../../api/status-error.ts";
import type { ApiResponse } from "../../client/transport.ts";
import { negotiate } from "../http/negotiate.ts";
import { bytesResponse, doneResponse } from "../http/response.ts";
import { requestedWriteOptions } from "../http/write-options.ts";
import { methodNotAllowed } from "../registry/refusals.ts";
import { partialObject } from "../tables/metadata-renderer.ts";
import type { VirtualKinds } from "../virtual/virtual-kind.ts";
import { decodeGiven } from "./create.ts";
import type { VerbRequest } from "./verb-request.ts";

const encoder = new TextEncoder();

/** Answers a question that takes the form of an object, such as a SubjectAccessReview. The object is not stored. */
export async function createVirtual(request: VerbRequest, virtualKinds: VirtualKinds): Promise<ApiResponse> {
  const { info, query, user } = request;
  const { kind } = request.version;
  const { type, version } = negotiate(request.request.headers.accept, "question");
  const answer = virtualKinds.get(groupResourceOf(kind));
  if (answer === undefined) throw methodNotAllowed();
  const options = requestedWriteOptions(query, "CreateOptions");
  const object = decodeGiven(request, options);
  const question = kind.namespaced
    ? { ...object, metadata: { ...object.metadata, namespace: info.namespace } }
    : object;
  const errors = kind.validate(question);
  if (errors.length > 0) throw invalidObject(kind.group, kind.kind, object.metadata.name ?? "", errors);
  const answered = await answer(question, user, options);
  if (answered === undefined) return doneResponse();
  const body = type === "metadata" ? JSON.stringify(partialObject(answered, version)) : encodeObject(kind, answered);
  return bytesResponse(201, "application/json", encoder.encode(body));
}
