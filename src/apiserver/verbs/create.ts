import { decodeObject } from "@fairlead/api/codec/decode-object";
import { declaredSchema } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { type Answer, objectAnswer } from "../answers/answer.ts";
import { decodeBody } from "../http/body.ts";
import type { RequestedWriteOptions } from "../http/write-options.ts";
import { requestedWriteOptions } from "../http/write-options.ts";
import { createObject } from "../registry/create-object.ts";
import { withUniqueOwners } from "../registry/owner-references.ts";
import { badRequest } from "../registry/refusals.ts";
import { shownObject, toStorage } from "../registry/served-version.ts";
import { type VerbRequest, writeTarget } from "./verb-request.ts";

/** A new object, under the name in the body or a generated one. */
export async function create(request: VerbRequest): Promise<Answer> {
  const { query, version, environment } = request;
  const options = requestedWriteOptions(query, "CreateOptions");
  const given = await toStorage(version, decodeGiven(request, options));
  const target = { ...writeTarget(request, options), isAuthorized: true };
  const stored = await createObject(environment, target, given);
  return objectAnswer(201, version, await shownObject(version, stored));
}

/** The object in the body of a create or update, in the version of the path. Refused when its namespace is not the one in the path. */
export function decodeGiven(
  { request, info, version, warn }: VerbRequest,
  { fieldValidation }: RequestedWriteOptions,
): KubeObject {
  const { kind } = version;
  const { value, duplicates } = decodeBody(request, { kind: kind.kind, schema: declaredSchema(kind) });
  const decoded = decodeObject(kind, value, { fieldValidation, duplicates });
  if (decoded.error !== undefined) throw decoded.error;
  warn(decoded.warnings);
  assertNamespace(decoded.object, kind.namespaced ? info.namespace : "");
  return withUniqueOwners(decoded.object, { warn, isAdmitted: false });
}

function assertNamespace({ metadata }: KubeObject, namespace: string): void {
  const said = metadata.namespace ?? "";
  if (said !== "" && said !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
}
