import { declaredSchema, type Kind } from "@fairlead/api/kind";
import type { Awaitable } from "@fairlead/api/resource-definition";
import { groupResourceOf } from "@fairlead/api/resource-reference";
import type { Struct } from "@fairlead/api/schema";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";
import { upgradeProtocol } from "@fairlead/streaming/upgrade/upgrade-protocol";
import type { Answer } from "./answers/answer.ts";
import { type Endpoint, negotiate } from "./answers/negotiate.ts";
import type { EncodedItems } from "./answers/protobuf/encoded-items.ts";
import { type Representation, representation } from "./answers/representation.ts";
import { writeAnswer } from "./answers/write-answer.ts";
import type { User } from "./authn/authenticator.ts";
import { mediaTypeOf } from "./http/body.ts";
import { decodeLargeBody } from "./http/large-body/decode-large-body.ts";
import type { ParseThread } from "./http/large-body/parse-thread.ts";
import { loadYamlParser } from "./http/parse-yaml.ts";
import { APPLY_TYPE } from "./http/patch-body.ts";
import { pageNotFoundResponse } from "./http/response.ts";
import type { Warn } from "./http/warnings.ts";
import type { WebSocketBody } from "./http/websocket-body.ts";
import { requestedWriteOptions } from "./http/write-options.ts";
import { admittedCreation, assertConnectable } from "./registry/admit.ts";
import type { RegistryEnvironment } from "./registry/environment.ts";
import { badRequest, methodNotAllowed, pathNotFound } from "./registry/refusals.ts";
import type { Resource } from "./registry/resource.ts";
import type { FoundResource, ResourceSet } from "./registry/resource-set.ts";
import type { ServedVersion } from "./registry/served-version.ts";
import type { RequestInfo, ResourceRequestInfo } from "./request-info.ts";
import { routeVerdict } from "./route-verdict.ts";
import { connectOptions } from "./subresources/connect-options.ts";
import { decodedBySchema } from "./subresources/decode-request.ts";
import { proxyName } from "./subresources/proxy/proxy-target.ts";
import { scale } from "./subresources/scale/scale.ts";
import type { SubresourceHandler, SubresourceRequest } from "./subresources/subresource.ts";
import { create } from "./verbs/create.ts";
import { createVirtual } from "./verbs/create-virtual.ts";
import { deleteOne } from "./verbs/delete.ts";
import { deleteCollection } from "./verbs/deletecollection.ts";
import { get, readObject } from "./verbs/get.ts";
import { list } from "./verbs/list.ts";
import { patch } from "./verbs/patch.ts";
import { update } from "./verbs/update.ts";
import { type VerbRequest, writeTarget } from "./verbs/verb-request.ts";
import { watch } from "./verbs/watch.ts";
import type { VirtualKinds } from "./virtual/virtual-kind.ts";

/** Everything the server serves, by name. */
export interface Routes {
  readonly resources: Pick<ResourceSet, "kinds" | "find">;
  /** By group and resource, a slash, and the subresource: `pods/log`. */
  readonly subresources: ReadonlyMap<string, SubresourceHandler>;
  readonly virtualKinds: VirtualKinds;
  /** Parses large bodies. */
  readonly parseThread: ParseThread;
  /** What lists in protobuf had before. */
  readonly encodedItems: EncodedItems;
  readonly environment: RegistryEnvironment;
}

/** Reads the body of a request. `undefined`: it has none. */
export type ReadBody = () => Awaitable<Uint8Array | undefined>;

/** An authorized request about objects. */
export interface DispatchRequest {
  readonly request: ApiRequest;
  /** Of a request whose body has not been read yet. */
  readonly readBody?: ReadBody | undefined;
  readonly info: ResourceRequestInfo;
  readonly query: URLSearchParams;
  readonly user: User;
  readonly warn: Warn;
  /** Aborted when the server stops. Its reason is the refusal for requests that still wait. */
  readonly stopping: AbortSignal;
  /** Aborted when the request has taken too long. `undefined` for watches and streams. */
  readonly overdue?: AbortSignal | undefined;
}

type VerbFunction = (request: VerbRequest) => Promise<Answer>;

const VERBS: ReadonlyMap<string, VerbFunction> = new Map([
  ["get", get],
  ["list", list],
  ["watch", watch],
  ["create", create],
  ["update", update],
  ["patch", patch],
  ["delete", deleteOne],
  ["deletecollection", deleteCollection],
]);

/**
 * Finds what a request is about, lets its verb answer, and writes the answer in the form that the client accepts. The body is
 * read only for verbs that take one.
 */
export async function dispatch(routes: Routes, dispatched: DispatchRequest): Promise<ApiResponse> {
  const found = foundTarget(routes, dispatched);
  if (found === undefined) return unknownPath(routes, dispatched.info);
  const { target, handler } = found;
  const represented = representationFor(routes, target, handler);
  const request = await withBody(routes, target, dispatched.readBody);
  return writeAnswer(request.request, await answered(routes, request, handler), represented);
}

/**
 * The same for a client in this process, which gets the answer and has its body read.
 *
 * @throws {StatusError} `NotFound` for a path that nothing is served at.
 */
export async function answerTo(routes: Routes, dispatched: DispatchRequest): Promise<Answer> {
  const found = foundTarget(routes, dispatched);
  if (found === undefined) throw pathNotFound();
  return await answered(routes, found.target, found.handler);
}

/** What a request is about and who answers it, where that is no verb. */
interface FoundTarget {
  readonly target: VerbRequest;
  readonly handler: SubresourceHandler | undefined;
}

/** @throws {StatusError} where the resource is served and the request is none that it takes. */
function foundTarget(routes: Routes, dispatched: DispatchRequest): FoundTarget | undefined {
  const target = targetOf(routes, dispatched);
  if (target === undefined) return undefined;
  const handler = handlerAt(routes.subresources, target, target.info);
  assertServed(target, handler);
  return { target, handler };
}

/** Returns the form that the client accepts. What a long-lasting answer is passed on in was agreed on elsewhere. */
function representationFor(
  { encodedItems }: Routes,
  { request, query, info, version, environment }: VerbRequest,
  handler: SubresourceHandler | undefined,
): Representation {
  const accept = handler?.isLong === true ? undefined : request.headers.accept;
  const isTextOnly = declaredSchema(version.kind) === undefined && info.subresource !== "scale";
  const negotiated = negotiate(accept, { endpoint: endpointOf(info, version), isTextOnly });
  return representation(negotiated, {
    includeObject: query.get("includeObject"),
    encodedItems,
    now: () => environment.clock.now(),
  });
}

function endpointOf({ verb, subresource }: ResourceRequestInfo, version: ServedVersion): Endpoint {
  if (subresource === "" && isVirtual(version)) return "question";
  if (verb === "watch") return "watch";
  return verb === "list" || verb === "deletecollection" ? "list" : "object";
}

function answered(routes: Routes, request: VerbRequest, handler: SubresourceHandler | undefined): Promise<Answer> {
  const { kind } = request.version;
  const { verb, subresource } = request.info;
  if (handler !== undefined) return subresourceRequest(request).then((asked) => handler.handle(asked));
  if (subresource === "scale" && kind.scale !== undefined) return scale(request, kind.scale);
  if (isVirtual(request.version)) return createVirtual(request, routes.virtualKinds);
  const run = VERBS.get(verb);
  if (run === undefined) throw methodNotAllowed();
  return run(request);
}

async function withBody(
  { parseThread }: Routes,
  target: VerbRequest,
  readBody: ReadBody | undefined,
): Promise<VerbRequest> {
  const body = await readBody?.();
  const read = body === undefined ? target : { ...target, request: { ...target.request, body } };
  if (mediaTypeOf(read.request).endsWith("yaml")) await loadYamlParser();
  if (body === undefined) return read;
  // The bytes are passed on unchanged.
  if (target.info.subresource === "proxy") return read;
  const { kind } = target.version;
  const { user, overdue } = target;
  const expected = { kind: kind.kind, schema: schemaOf(read), user: user.name, overdue };
  const request = await decodeLargeBody(parseThread, read.request, expected);
  return { ...read, request };
}

/** The schema of the body; `undefined` for a patch other than an apply, and for subresources with kinds of their own. */
function schemaOf({ request, info, version, resource }: VerbRequest): Struct | undefined {
  const isOwn = info.subresource === "" || info.subresource === "status" || isPart(resource, info);
  const isWhole = info.verb === "create" || info.verb === "update" || mediaTypeOf(request) === APPLY_TYPE;
  return isOwn && isWhole ? declaredSchema(version.kind) : undefined;
}

/** As upstream: a Status below a group and version that is served, and text elsewhere. */
function unknownPath({ resources }: Routes, { group, version, isGrouped }: ResourceRequestInfo): ApiResponse {
  const served =
    isGrouped === (group !== "") && resources.kinds.some((kind) => kind.group === group && kind.version === version);
  if (served) throw pathNotFound();
  return pageNotFoundResponse();
}

/** Returns how an upgrade request is served. Looks at the request alone: the client is not authorized yet. */
export function upgradeKind(
  { resources, subresources }: Routes,
  { method, headers }: Pick<ApiRequest, "method" | "headers">,
  info: RequestInfo,
): "connection" | WebSocketBody | undefined {
  if (info.type === "path") return undefined;
  const found = resourceAt(resources, info);
  if (found === undefined) return undefined;
  const handler = handlerAt(subresources, found, info);
  if (handler?.upgrade !== undefined) return "connection";
  if (method !== "GET" || upgradeProtocol(headers.upgrade) !== "websocket") return undefined;
  if (info.verb === "watch") return "watch";
  return handler !== undefined && info.subresource === "log" ? "bytes" : undefined;
}

/** What takes over an upgraded connection, and its request; `undefined` when nothing does. */
export async function upgradeTarget(
  routes: Routes,
  dispatched: DispatchRequest,
): Promise<{ readonly handler: SubresourceHandler; readonly request: SubresourceRequest } | undefined> {
  const target = targetOf(routes, dispatched);
  const handler = target === undefined ? undefined : handlerAt(routes.subresources, target, target.info);
  if (target === undefined || handler?.upgrade === undefined) return undefined;
  assertServed(target, handler);
  return { handler, request: await subresourceRequest(target) };
}

/** Returns the kind that a request is about; `undefined` for one that is not served. */
export function servedKind({ resources }: Routes, info: ResourceRequestInfo): Kind | undefined {
  return resourceAt(resources, info)?.version.kind;
}

/** Whether the answer lasts as long as the client or a backend wants: a watch, a stream of a log. */
export function isLong({ resources, subresources }: Routes, info: ResourceRequestInfo): boolean {
  if (info.verb === "watch") return true;
  const found = resourceAt(resources, info);
  if (found === undefined) return false;
  return handlerAt(subresources, found, info)?.isLong === true;
}

/** A question is created and answered, never kept. */
export function isVirtual({ kind }: Pick<ServedVersion, "kind">): boolean {
  return kind.verbs.length === 1 && kind.verbs[0] === "create";
}

function targetOf({ resources, environment }: Routes, dispatched: DispatchRequest): VerbRequest | undefined {
  const { info } = dispatched;
  const found = resourceAt(resources, info);
  if (found === undefined) return undefined;
  const { resource, version } = found;
  const { request, query, user, warn, stopping, overdue } = dispatched;
  const isElsewhere = !version.kind.namespaced && info.namespace !== "";
  return {
    request,
    info: isElsewhere ? { ...info, namespace: "" } : info,
    query,
    user,
    resource,
    version,
    environment,
    warn,
    stopping,
    overdue,
  };
}

/** The core group is not below `/apis`, not under an empty name either. */
function resourceAt(resources: Routes["resources"], info: ResourceRequestInfo): FoundResource | undefined {
  const { group, version, resource, isGrouped } = info;
  return isGrouped === (group !== "") ? resources.find({ group, version, plural: resource }) : undefined;
}

function assertServed({ version, info, resource }: VerbRequest, handler: SubresourceHandler | undefined): void {
  const verdict = routeVerdict(version.kind, info, handler !== undefined || isPart(resource, info));
  if (verdict === "notFound") throw pathNotFound();
  if (verdict === "methodNotAllowed") throw methodNotAllowed();
  // `pods//log`: a subresource of nothing.
  if (info.isCollection && info.subresource !== "") throw badRequest("name must be provided");
}

/** Whether the path is that of a part of the object, which the ordinary verbs write. */
function isPart({ strategy }: Resource, { subresource }: ResourceRequestInfo): boolean {
  return strategy.parts?.has(subresource) === true;
}

/** Returns who answers for a subresource. `undefined` for the object itself. */
function handlerAt(
  subresources: Routes["subresources"],
  { resource }: Pick<FoundResource, "resource">,
  { subresource }: Pick<ResourceRequestInfo, "subresource">,
): SubresourceHandler | undefined {
  return subresource === "" ? undefined : subresources.get(`${groupResourceOf(resource.kind)}/${subresource}`);
}

async function subresourceRequest(target: VerbRequest): Promise<SubresourceRequest> {
  const { request, user, info, query, resource, warn } = target;
  await assertConnected(target);
  // `resourceVersion` in the query is about the subresource's answer, not about the object.
  // A proxy's name may hold a scheme and a port besides the object's own.
  const parentName =
    info.subresource === "proxy" ? proxyName(info.name, resource.kind.kind.toLowerCase()).name : info.name;
  const parent = await readObject({ ...target, info: { ...info, name: parentName }, query: new URLSearchParams() });
  const { namespace, name } = info;
  const admit: SubresourceRequest["admit"] = ({ schema, ...kind }, object, check) => {
    const options = requestedWriteOptions(query, "CreateOptions");
    return admittedCreation(target.environment, writeTarget(target, options), {
      kind,
      object,
      decode: (changed) => decodedBySchema(schema, changed),
      check,
    });
  };
  return { request, user, namespace, name, query, parent: parent.object, warn, admit };
}

/** Lets admission see a connection: a request for a subresource that takes options and answers what a backend says. */
async function assertConnected(target: VerbRequest): Promise<void> {
  const { version, info, query, environment, user, warn } = target;
  const declared = version.kind.subresources.find(({ name }) => name === info.subresource);
  if (declared?.kind.endsWith("Options") !== true) return;
  if (query.getAll("dryRun").some((value) => value !== "")) throw badRequest("dryRun is not supported");
  const { namespace, name, subresource } = info;
  const about = { version, user, namespace, name, subresource, dryRun: false, warn };
  await assertConnectable(environment, about, connectOptions(declared.kind, info, query));
}
