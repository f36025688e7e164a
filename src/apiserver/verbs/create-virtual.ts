import { groupResourceOf } from "@fairlead/api/resource-reference";
import { invalidObject } from "@fairlead/api/status-error";
import { type Answer, objectAnswer } from "../answers/answer.ts";
import { createdAnswer } from "../answers/status.ts";
import { requestedWriteOptions } from "../http/write-options.ts";
import { admittedCreation, decodedAgain } from "../registry/admit.ts";
import { methodNotAllowed } from "../registry/refusals.ts";
import { unstoredObject } from "../registry/stored-object.ts";
import type { VirtualKinds } from "../virtual/virtual-kind.ts";
import { decodeGiven } from "./create.ts";
import { type VerbRequest, writeTarget } from "./verb-request.ts";

/** Answers a question that takes the form of an object, such as a SubjectAccessReview. The object is not stored. */
export async function createVirtual(request: VerbRequest, virtualKinds: VirtualKinds): Promise<Answer> {
  const { info, query, user } = request;
  const { kind } = request.version;
  const answer = virtualKinds.get(groupResourceOf(kind));
  if (answer === undefined) throw methodNotAllowed();
  const options = requestedWriteOptions(query, "CreateOptions");
  const object = decodeGiven(request, options);
  const question = kind.namespaced
    ? { ...object, metadata: { ...object.metadata, namespace: info.namespace } }
    : object;
  const target = { ...writeTarget(request, options), name: object.metadata.name ?? "" };
  const admitted = await admittedCreation(request.environment, target, {
    object: question,
    decode: (changed) => decodedAgain(kind, changed),
    check(one) {
      const errors = kind.validate(one);
      if (errors.length > 0) throw invalidObject(kind.group, kind.kind, one.metadata.name ?? "", errors);
    },
  });
  const answered = await answer(admitted, user, options);
  return answered === undefined ? createdAnswer() : objectAnswer(201, request.version, unstoredObject(kind, answered));
}
