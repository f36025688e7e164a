import { type Answer, objectAnswer } from "../answers/answer.ts";
import { deletedAnswer } from "../answers/status.ts";
import { deleteObject } from "../registry/delete-object.ts";
import { shownObject } from "../registry/served-version.ts";
import { deleteOptions, isDryRun } from "./delete-options.ts";
import type { VerbRequest } from "./verb-request.ts";

/** One object. Answers a Status once it is gone; the object while it is waiting for its grace period or finalizers. */
export async function deleteOne(request: VerbRequest): Promise<Answer> {
  const { info, resource, version, environment, user, warn } = request;
  const { kind, strategy } = resource;
  const options = deleteOptions(request);
  const target = {
    resource,
    version,
    user,
    namespace: info.namespace,
    name: info.name,
    subresource: "",
    dryRun: isDryRun(options),
    warn,
  };
  const { stored, removed } = await deleteObject(environment, target, options);
  if (!removed || strategy.answersDeletedObject === true) {
    return objectAnswer(200, version, await shownObject(version, stored));
  }
  return deletedAnswer({
    name: info.name,
    ...(kind.group !== "" && { group: kind.group }),
    kind: kind.plural,
    uid: stored.object.metadata.uid,
  });
}
