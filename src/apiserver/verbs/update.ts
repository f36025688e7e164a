import { type Answer, objectAnswer } from "../answers/answer.ts";
import { requestedWriteOptions } from "../http/write-options.ts";
import { badRequest } from "../registry/refusals.ts";
import { shownObject, toStorage } from "../registry/served-version.ts";
import { updateObject } from "../registry/update-object.ts";
import { decodeGiven } from "./create.ts";
import { type VerbRequest, writeTarget } from "./verb-request.ts";

/** The whole object, or its `status`, as the body has it. */
export async function update(request: VerbRequest): Promise<Answer> {
  const { info, query, version, environment } = request;
  const options = requestedWriteOptions(query, "UpdateOptions");
  const object = decodeGiven(request, options);
  const { name } = object.metadata;
  if (name !== "" && name !== undefined && name !== info.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
  }
  const { stored, created } = await updateObject(environment, {
    ...writeTarget(request, options),
    transform: () => toStorage(version, { ...object, metadata: { ...object.metadata, name: info.name } }),
  });
  return objectAnswer(created ? 201 : 200, version, await shownObject(version, stored));
}
