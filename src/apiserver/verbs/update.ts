import { type Answer, objectAnswer } from "../answers/answer.ts";
import { requestedWriteOptions, writerOf } from "../http/write-options.ts";
import { badRequest } from "../registry/refusals.ts";
import { shownObject, toStorage } from "../registry/served-version.ts";
import { updateObject } from "../registry/update-object.ts";
import { decodeGiven } from "./create.ts";
import type { VerbRequest } from "./verb-request.ts";

/** The whole object, or its `status`, as the body has it. */
export async function update(request: VerbRequest): Promise<Answer> {
  const { info, query, resource, version, environment, user } = request;
  const options = requestedWriteOptions(query, "UpdateOptions");
  const object = decodeGiven(request, options);
  const { name } = object.metadata;
  if (name !== "" && name !== undefined && name !== info.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
  }
  const { stored, created, warnings } = await updateObject(environment, {
    resource,
    version,
    user,
    namespace: info.namespace,
    name: info.name,
    subresource: info.subresource,
    dryRun: options.dryRun,
    writer: writerOf(request.request, options),
    transform: () => toStorage(version, { ...object, metadata: { ...object.metadata, name: info.name } }),
  });
  request.warn(warnings);
  return objectAnswer(created ? 201 : 200, version, await shownObject(version, stored));
}
