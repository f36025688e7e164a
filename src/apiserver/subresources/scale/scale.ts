import type { Scale } from "@fairlead/api/autoscaling/v1/scale/scale";
import { scaleKind, scaleOf } from "@fairlead/api/autoscaling/v1/scale/scale";
import { encodeStored } from "@fairlead/api/codec/encode";
import type { Scaling } from "@fairlead/api/kind";
import type { Awaitable } from "@fairlead/api/resource-definition";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { invalidObject } from "@fairlead/api/status-error";
import { type Answer, objectAnswer } from "../../answers/answer.ts";
import { mediaTypeOf } from "../../http/body.ts";
import { APPLY_TYPE } from "../../http/patch-body.ts";
import type { RequestedWriteOptions } from "../../http/write-options.ts";
import { requestedWriteOptions } from "../../http/write-options.ts";
import { badRequest, methodNotAllowed, notFound } from "../../registry/refusals.ts";
import { servedVersion } from "../../registry/served-version.ts";
import type { StoredObject } from "../../registry/stored-object.ts";
import { storedObject } from "../../registry/stored-object.ts";
import type { Update } from "../../registry/update-object.ts";
import { updateObject } from "../../registry/update-object.ts";
import { appliedOf, requestedApplyOptions, withApplied } from "../../verbs/apply.ts";
import { decodeGiven } from "../../verbs/create.ts";
import { readObject } from "../../verbs/get.ts";
import { patchOf } from "../../verbs/patch.ts";
import { type VerbRequest, writeTarget } from "../../verbs/verb-request.ts";
import { appliedToWorkload, withScale } from "./scale-plan.ts";

/**
 * `deployments/scale` and its like: the number of pods of a workload, as an `autoscaling/v1` Scale.
 *
 * A write is an ordinary update of the workload: admission, validation and the account of fields see it.
 *
 * @throws {StatusError} `NotFound`, `Conflict`, `Invalid`, or what admission refuses with.
 */
export async function scale(given: VerbRequest, scaling: Scaling<KubeObject>): Promise<Answer> {
  // Scales are read from and written to the storage version, whatever version the path names.
  const request = { ...given, version: given.resource.stored };
  const show = (stored: StoredObject) => objectAnswer(200, scales, scaleObject(stored, scaling));
  switch (request.info.verb) {
    case "get":
      return show(await readObject(request));
    case "update":
      return show(await write(request, scaling, replaced(request, scaling)));
    case "patch": {
      const isApply = mediaTypeOf(request.request) === APPLY_TYPE;
      return show(await write(request, scaling, isApply ? applied(request, scaling) : patched(request, scaling)));
    }
    default:
      throw methodNotAllowed();
  }
}

/** A write as it was asked for: what it makes of the stored workload. */
interface ScaleWrite extends Pick<Update, "applies"> {
  readonly options: RequestedWriteOptions;
  change(workload: KubeObject): Awaitable<KubeObject>;
}

async function write(
  request: VerbRequest,
  scaling: Scaling<KubeObject>,
  { options, change, applies = false }: ScaleWrite,
): Promise<StoredObject> {
  const { resource, info, environment } = request;
  const { stored } = await updateObject(environment, {
    ...writeTarget(request, options),
    applies,
    createsMissing: false,
    view: {
      kind: scaleKind,
      of: (workload) => scaleOf(workload, scaling),
      // What was decoded by the Scale's schema is one.
      into: (workload, scale) => withScale(workload, scale as Scale, scaling),
    },
    transform(previous) {
      if (previous === undefined) throw notFound(resource.kind, info.name);
      return change(previous);
    },
  });
  return stored;
}

function replaced(request: VerbRequest, scaling: Scaling<KubeObject>): ScaleWrite {
  const options = requestedWriteOptions(request.query, "UpdateOptions");
  const object = decodeGiven(ofScales(request), options);
  const named = object.metadata.name ?? "";
  if (named !== "" && named !== request.info.name) {
    throw badRequest(`the name of the object (${named}) does not match the name on the URL (${request.info.name})`);
  }
  return {
    options,
    change: (workload) => withScale(workload, valid(object, request), scaling),
  };
}

function patched(request: VerbRequest, scaling: Scaling<KubeObject>): ScaleWrite {
  const options = requestedWriteOptions(request.query, "PatchOptions");
  const patch = patchOf(ofScales(request), options);
  return {
    options,
    change: (workload) => withScale(workload, valid(patch(scaleOf(workload, scaling)), request), scaling),
  };
}

function applied(request: VerbRequest, scaling: Scaling<KubeObject>): ScaleWrite {
  const options = requestedApplyOptions(request.query);
  const given = appliedOf(ofScales(request), options);
  valid(given.object, request);
  const configuration = appliedToWorkload(given.applied, request.resource.kind, scaling);
  return {
    options,
    applies: true,
    change: (previous) => withApplied(request, options, { previous, applied: configuration }),
  };
}

/** What was decoded by the Scale's schema, once its values have been checked. */
function valid(given: KubeObject, { info }: VerbRequest): Scale {
  const scale = given as Scale;
  const errors = scaleKind.validate(scale);
  if (errors.length > 0) throw invalidObject(scaleKind.group, scaleKind.kind, info.name, errors);
  return scale;
}

/** The request as if Scales were what is stored, for what decodes and shows objects. */
function ofScales(request: VerbRequest): VerbRequest {
  return { ...request, version: scales };
}

const scales = servedVersion({ kind: scaleKind });
const encoder = new TextEncoder();

/** A workload's Scale, under the workload's revision. */
function scaleObject({ key, object, revision }: StoredObject, scaling: Scaling<KubeObject>): StoredObject {
  const value = encoder.encode(encodeStored(scaleKind, scaleOf(object, scaling)));
  return storedObject(scaleKind, { key, value, modRevision: revision, createRevision: 0, version: 0 });
}
