import { apiTime } from "@fairlead/api/api-time";
import { decodeObject } from "@fairlead/api/codec/decode-object";
import { forbidden, required } from "@fairlead/api/field-error";
import type { Kind } from "@fairlead/api/kind";
import type { JsonObject } from "@fairlead/api/patch/json-object";
import { isJsonObject } from "@fairlead/api/patch/json-object";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import { invalidObject, StatusError } from "@fairlead/api/status-error";
import { type Answer, objectAnswer } from "../answers/answer.ts";
import { applyConfiguration } from "../apply/apply.ts";
import { type ConversionRequest, converting } from "../apply/conversion-steps.ts";
import { typedProblems } from "../apply/typed-problems.ts";
import { decodeApply } from "../http/patch-body.ts";
import type { RequestedWriteOptions } from "../http/write-options.ts";
import { requestedWriteOptions } from "../http/write-options.ts";
import { badRequest } from "../registry/refusals.ts";
import type { Resource } from "../registry/resource.ts";
import { fromStorage, shownObject, toStorage } from "../registry/served-version.ts";
import { updateObject } from "../registry/update-object.ts";
import { jsonOf } from "./patch-function.ts";
import { type VerbRequest, writeTarget } from "./verb-request.ts";

/** Server-side apply: what the client wants of an object, which is created when it is missing. */
export async function apply(request: VerbRequest): Promise<Answer> {
  const { info, query, version, environment } = request;
  const options = requestedApplyOptions(query);
  const { applied } = appliedOf(request, options);
  const { stored, created } = await updateObject(environment, {
    ...writeTarget(request, options),
    createsMissing: info.subresource === "",
    applies: true,
    transform: (previous) => withApplied(request, options, { previous, applied }),
  });
  return objectAnswer(created ? 201 : 200, version, await shownObject(version, stored));
}

/** What the query of a server-side apply says. It must say who applies. */
export function requestedApplyOptions(query: URLSearchParams): RequestedWriteOptions {
  const options = requestedWriteOptions(query, "PatchOptions");
  if (options.fieldManager !== "") return options;
  throw invalidObject("meta.k8s.io", "PatchOptions", "", [required("fieldManager", "is required for apply patch")]);
}

/** Returns the stored object with what is applied to it, by the manager that the query names, in the storage version. */
export async function withApplied(
  { resource, version, info, environment }: VerbRequest,
  { fieldManager, force }: RequestedWriteOptions,
  { previous, applied }: { readonly previous: KubeObject | undefined; readonly applied: JsonObject },
): Promise<KubeObject> {
  const { kind } = version;
  const live = previous && jsonOf(kind, await fromStorage(version, previous));
  const steps = applyConfiguration({
    kind,
    live,
    managedFields: previous?.metadata.managedFields,
    applied,
    manager: {
      name: fieldManager,
      operation: "Apply",
      apiVersion: apiVersionOf(kind),
      subresource: info.subresource,
    },
    force,
    time: apiTime(environment.clock.now()),
    kinds: new Map([...resource.versions].map(([apiVersion, served]) => [apiVersion, served.kind])),
  });
  const { object, managedFields } = await converting(steps, (request) => convert(resource, request));
  const merged = decoded(kind, object);
  const owned = managedFields.length === 0 ? undefined : managedFields;
  return toStorage(version, { ...merged, metadata: { ...merged.metadata, managedFields: owned } });
}

function decoded(kind: Kind, object: object): KubeObject {
  const result = decodeObject(kind, object, { fieldValidation: "Ignore" });
  if (result.error !== undefined) throw result.error;
  return result.object;
}

async function convert({ versions }: Resource, { object, from, to }: ConversionRequest): Promise<JsonObject> {
  const [source, target] = [versions.get(from), versions.get(to)];
  if (source === undefined || target === undefined) throw new Error(`Cannot convert an object from ${from} to ${to}`);
  const stored = await toStorage(source, decoded(source.kind, object));
  return jsonOf(target.kind, await fromStorage(target, stored));
}

/** `force` is about conflicts, which only an apply can have. */
export function assertNotForced({ force }: RequestedWriteOptions): void {
  if (!force) return;
  throw invalidObject("meta.k8s.io", "PatchOptions", "", [
    forbidden("force", "may not be specified for non-apply patch"),
  ]);
}

/** The body as it was written: a default must not become a field with an owner. */
export function appliedOf({ request, info, version, warn }: VerbRequest, { fieldValidation }: RequestedWriteOptions) {
  const { kind } = version;
  const body = decodeApply(request);
  assertTyped(kind, body.value);
  const decoded = decodeObject(kind, body.value, { fieldValidation, duplicates: body.duplicates });
  if (decoded.error !== undefined) throw decoded.error;
  warn(decoded.warnings);
  const { name, namespace } = decoded.object.metadata;
  if (name !== undefined && name !== "" && name !== info.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
  }
  if (namespace !== undefined && namespace !== "" && namespace !== info.namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  return {
    applied: writable(body.value, info.subresource, kind.hasStatus),
    object: decoded.object,
  };
}

/**
 * Refuses a configuration of another kind, with managed fields, or with a part that does not fit the schema, whatever the
 * field validation: its fields could have no owner.
 */
function assertTyped(kind: Kind, applied: JsonObject): void {
  const gvk = groupVersionKind(String(applied.apiVersion ?? ""), String(applied.kind ?? ""));
  if (gvk !== groupVersionKind(apiVersionOf(kind), kind.kind)) throw badRequest(`invalid object type: ${gvk}`);
  const metadata = isJsonObject(applied.metadata) ? applied.metadata : {};
  if ((metadata.managedFields ?? undefined) !== undefined) throw badRequest("metadata.managedFields must be nil");
  const problems = typedProblems(kind.schema, applied);
  if (problems.length === 0) return;
  const object = `${String(metadata.namespace ?? "")}/${String(metadata.name ?? "")}; ${gvk}`;
  const text =
    problems.length === 1 ? problems[0] : ["errors:", ...problems.map((problem) => `  ${problem}`)].join("\n");
  throw new StatusError("Unknown", `failed to create typed patch object (${object}): ${text}`);
}

/** `apps/v1, Kind=Deployment`, and `/v1, Kind=Pod` in the core group. */
function groupVersionKind(apiVersion: string, kind: string): string {
  return `${apiVersion.includes("/") ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
}

/** Through `status` only the status can be applied, and through the object everything else. */
function writable(body: JsonObject, subresource: string, hasStatus: boolean): JsonObject {
  const { status, ...rest } = body;
  if (subresource !== "status") return hasStatus ? rest : body;
  const { apiVersion, kind, metadata } = body;
  return { apiVersion, kind, metadata, ...(status !== undefined && { status }) };
}
