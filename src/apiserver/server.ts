import { randomInt, randomUUID } from "node:crypto";
import type { ResourceDefinition } from "../api/resource-definition.ts";
import { apiVersionOf, groupResourceOf, type ResourceReference } from "../api/resource-reference.ts";
import { StatusError } from "../api/status-error.ts";
import type { ApiRequest, ApiResponse } from "../client/transport/transport.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import { createMetrics, type Metrics } from "../lib/metrics.ts";
import { queryDuration } from "../lib/query-value.ts";
import type { Running } from "../lib/running.ts";
import { running } from "../lib/running.ts";
import type { Store } from "../store/store.ts";
import type { AdmissionPlugin } from "./admission/admission.ts";
import { refused } from "./answers/status.ts";
import type { Authenticator, Credentials, User } from "./authn/authenticator.ts";
import { anonymousUser } from "./authn/authenticator.ts";
import { assertAllowed, attributesOf } from "./authorize-request.ts";
import type { Authorizer } from "./authz/authorizer.ts";
import { unionAuthorizer } from "./authz/union-authorizer.ts";
import type { VersionInfo } from "./discovery/version.ts";
import type { ReadBody, Routes } from "./dispatch.ts";
import { dispatch, isLong, servedKind, upgradeKind, upgradeTarget } from "./dispatch.ts";
import { mediaTypeOf } from "./http/body.ts";
import { createDeadlines } from "./http/deadlines.ts";
import { effectiveUser } from "./http/impersonation.ts";
import type { ParseThread } from "./http/large-body/parse-thread.ts";
import { createParseThread } from "./http/large-body/parse-thread.ts";
import { parseQuery } from "./http/parse-query.ts";
import { pageNotFoundResponse, textResponse } from "./http/response.ts";
import { type Warn, withWarnings } from "./http/warnings.ts";
import type { WebSocketBody } from "./http/websocket-body.ts";
import { createPaths, type PublishedDocument } from "./paths.ts";
import { deleteAllObjects } from "./registry/delete-all-objects.ts";
import type { RegistryEnvironment } from "./registry/environment.ts";
import { shuttingDown } from "./registry/refusals.ts";
import type { Resource, ServedDefinition } from "./registry/resource.ts";
import { createResourceSet, type ResourceSet } from "./registry/resource-set.ts";
import { servedVersion } from "./registry/served-version.ts";
import { builtinStrategies } from "./registry/strategies/builtin-strategies.ts";
import type { Strategies } from "./registry/strategy.ts";
import type { WriteHook } from "./registry/write-hook.ts";
import type { RequestInfo } from "./request-info.ts";
import { requestInfo } from "./request-info.ts";
import { requestMetrics } from "./request-metrics.ts";
import type { SubresourceHandler, SubresourceRequest } from "./subresources/subresource.ts";
import type { VirtualKinds } from "./virtual/virtual-kind.ts";
import { createOnDemandCache } from "./watch-cache/on-demand-cache.ts";
import { startWatchCache } from "./watch-cache/watch-cache.ts";

export interface ApiServerOptions {
  /** Owned by the caller, which closes it after the server has stopped. */
  readonly store: Store;
  /** Served from the start. More can be added later: {@link ApiServer.resources}. */
  readonly resources: readonly ResourceDefinition[];
  /** Asked in order until one knows the credentials. */
  readonly authenticators: readonly Authenticator[];
  /** Asked in order until one allows or denies. */
  readonly authorizers: readonly Authorizer[];
  /** Default: none. */
  readonly admission?: readonly AdmissionPlugin[];
  /** By group and resource: `services`, `deployments.apps`. Default: none. */
  readonly hooks?: ReadonlyMap<string, WriteHook>;
  readonly subresources?: readonly SubresourceHandler[];
  readonly virtualKinds?: VirtualKinds;
  /** Default: those of the built-in kinds. */
  readonly strategies?: Strategies;
  /** Further documents by path: `/openid/v1/jwks`. Default: none. */
  readonly documents?: ReadonlyMap<string, PublishedDocument>;
  readonly version: VersionInfo;
  /** Under which clients reach the server, for discovery: `172.30.0.1:6443`. */
  readonly externalAddress: string;
  /** The program of the thread that parses large bodies, where the sources are bundled. Default: `parse-worker.ts`. */
  readonly parseProgram?: URL | undefined;
  readonly log: Logger;
  readonly clock: Clock;
  /** What `/metrics` answers. Default: the server's own alone. */
  readonly metrics?: Metrics;
}

/** The API, without a socket: `listen` puts it behind one, and clients in the same process call it directly. */
export interface ApiServer extends Running {
  /** What is served now. */
  readonly resources: ServedResources;
  /**
   * Answers one request of a user who is already known. Refusals are answers; only an aborted request rejects.
   *
   * @param readBody - Reads the body of a request that comes without one. Called only once the user may make the
   *   request and something is there to take it. A {@link StatusError} that it throws becomes the answer.
   */
  handle(request: ApiRequest, user: User, readBody?: ReadBody): Promise<ApiResponse>;
  /**
   * Who holds these credentials; {@link anonymousUser} when there are none.
   *
   * @throws {StatusError} `Unauthorized` when they are no good.
   */
  authenticate(credentials: Credentials): Promise<User>;
  /**
   * Returns how an upgrade request is served: by {@link upgrade}, which hands over a connection, or by the answer of
   * {@link handle} over a WebSocket. `undefined`: as an ordinary request, which HTTP allows.
   */
  upgradeKind(request: Pick<ApiRequest, "method" | "path" | "headers">): "connection" | WebSocketBody | undefined;
  /**
   * What takes over the connection of an upgrade request.
   *
   * @throws {StatusError} when the user may not, or there is nothing to upgrade to.
   */
  upgrade(
    request: ApiRequest,
    user: User,
  ): Promise<{ readonly handler: SubresourceHandler; readonly request: SubresourceRequest }>;
}

/** The resources that a server serves now. */
export interface ServedResources extends Pick<ResourceSet, "kinds" | "add" | "remove" | "isServed"> {
  /**
   * Deletes every object of a resource, whose definition is being deleted. Without authorization.
   *
   * @returns How many remain: their finalizers hold them. 0 for a resource that is not served.
   */
  deleteObjects(resource: Pick<ResourceReference, "group" | "plural">): Promise<number>;
}

/** How long an ordinary request may take; upstream's `--request-timeout`. */
const REQUEST_TIMEOUT_MS = 60_000;

/** Reads what the store holds and serves it until stopped. */
export async function createApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { log, clock } = options;
  const resources = createResourceSet((definition) => resourceOf(options, definition));
  for (const definition of options.resources) resources.add(definition);
  const program = options.parseProgram ?? new URL("./http/large-body/parse-worker.ts", import.meta.url);
  const parseThread = createParseThread({ program, clock });
  const authorizer = unionAuthorizer(options.authorizers);
  const routes = routesOf(options, { resources, parseThread, authorizer });
  const stopping = new AbortController();
  const deadlines = createDeadlines(clock, REQUEST_TIMEOUT_MS);
  const metrics = options.metrics ?? createMetrics();
  const requests = requestMetrics(metrics);
  const paths = createPaths({ ...options, resources, metrics, isStopping: () => stopping.signal.aborted });

  const answer = async (read: ReadRequest, asking: Omit<Asking, "authorizer">): Promise<ApiResponse> => {
    const { info, query } = read;
    const { request, readBody, warn } = asking;
    const actor = authorized(read, { ...asking, authorizer });
    if (info.type === "path") {
      return (await paths(request, info.path, query)) ?? pageNotFoundResponse();
    }
    const begin = (overdue?: AbortSignal) =>
      dispatch(routes, { request, readBody, info, query, user: actor, warn, stopping: stopping.signal, overdue });
    const deprecation = servedKind(routes, info)?.deprecation;
    if (deprecation !== undefined) warn([deprecation]);
    return isLong(routes, info) ? begin() : deadlines.inTime(begin, requestedLimitMs(query));
  };

  return {
    ...running(async () => {
      stopping.abort(shuttingDown());
      await Promise.all([parseThread.stop(), resources.stop()]);
    }),
    resources: servedResources(resources, routes.environment),
    async handle(request, user, readBody) {
      const startedAt = clock.monotonicMs();
      const read = readRequest(request);
      if (read instanceof StatusError) return refused(request, read);
      if (read === "notEncoded") return textResponse(400, "400 Bad Request");
      const warnings: string[] = [];
      const warn = (texts: readonly string[]) => warnings.push(...texts);
      const ended = requests.begun(request.method);
      const answered = await answer(read, { request, readBody, user, warn })
        .catch((error: unknown) => {
          if (request.signal?.aborted === true) throw error;
          return refused(request, statusErrorOf(error, request, log));
        })
        .finally(ended);
      const response = withWarnings(answered, warnings);
      const seconds = (clock.monotonicMs() - startedAt) / 1000;
      requests.record({ ...counted(resources, read, request), code: response.status, seconds });
      return response;
    },
    authenticate: (credentials) => authenticate(options.authenticators, credentials),
    upgradeKind(request) {
      const read = readRequest(request);
      return read instanceof StatusError || read === "notEncoded" ? undefined : upgradeKind(routes, request, read.info);
    },
    async upgrade(request, user) {
      const read = readRequest(request);
      if (read instanceof StatusError) throw read;
      if (read === "notEncoded") throw new StatusError("BadRequest", "400 Bad Request");
      const { info, query } = read;
      const actor = authorized(read, { request, user, authorizer });
      const target =
        info.type === "resource"
          ? await upgradeTarget(routes, {
              request,
              info,
              query,
              user: actor,
              warn: () => {},
              stopping: stopping.signal,
            })
          : undefined;
      if (target === undefined) throw new StatusError("BadRequest", "there is nothing to upgrade to at this path");
      return target;
    },
  };
}

/** What a request is counted by. */
function counted(resources: ResourceSet, { info, query }: ReadRequest, request: ApiRequest) {
  return {
    info,
    isServed: info.type === "resource" && resources.find({ ...info, plural: info.resource }) !== undefined,
    mediaType: mediaTypeOf(request),
    isDryRun: query.get("dryRun") === "All",
  };
}

interface ReadRequest {
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
}

/** What a request asks for. `notEncoded`: its path holds a percent sign that encodes nothing, which is no request. */
function readRequest(request: Pick<ApiRequest, "method" | "path">): ReadRequest | StatusError | "notEncoded" {
  const [path = "", search = ""] = splitOnce(request.path, "?");
  try {
    const query = parseQuery(search);
    return { info: requestInfo(request.method, path, query), query };
  } catch (error) {
    if (error instanceof StatusError) return error;
    if (error instanceof URIError) return "notEncoded";
    throw error;
  }
}

interface Asking {
  readonly request: ApiRequest;
  readonly readBody: ReadBody | undefined;
  readonly user: User;
  readonly warn: Warn;
  readonly authorizer: Authorizer;
}

/** For whom the request is made. Throws when they may not. */
function authorized({ info }: ReadRequest, { request, user, authorizer }: Omit<Asking, "readBody" | "warn">): User {
  const actor = effectiveUser(request, user, authorizer);
  assertAllowed(authorizer, attributesOf(info, actor));
  return actor;
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

async function authenticate(authenticators: readonly Authenticator[], credentials: Credentials): Promise<User> {
  for (const authenticator of authenticators) {
    const result = await authenticator.authenticate(credentials);
    if (result === undefined) continue;
    if ("failure" in result)
      throw new StatusError("Unauthorized", "Unauthorized", { cause: new Error(result.failure) });
    return result;
  }
  return anonymousUser;
}

function resourceOf(
  { store, clock, log, hooks, strategies = builtinStrategies }: ApiServerOptions,
  { storage: kind, versions, strategy, checksShownVersion }: ServedDefinition,
): Resource {
  const groupResource = groupResourceOf(kind);
  return {
    kind,
    stored: servedVersion({ kind }),
    versions: new Map(versions.map((version) => [apiVersionOf(version.kind), servedVersion(version)])),
    cache: createOnDemandCache(() => startWatchCache({ store, kind, clock, log }), clock),
    strategy: strategy ?? strategies.get(groupResource) ?? {},
    ...(checksShownVersion !== undefined && { checksShownVersion }),
    hook: hooks?.get(groupResource) ?? {},
  };
}

/** Who deletes what a definition leaves behind, in the account of the request. */
const OWN_USER: User = {
  name: "system:apiserver",
  uid: "",
  groups: ["system:masters", "system:authenticated"],
  extra: {},
};

function servedResources(resources: ResourceSet, environment: RegistryEnvironment): ServedResources {
  return {
    get kinds() {
      return resources.kinds;
    },
    add: resources.add,
    remove: resources.remove,
    isServed: resources.isServed,
    async deleteObjects(reference) {
      const resource = resources.get(reference);
      return resource === undefined ? 0 : deleteAllObjects(environment, resource, OWN_USER);
    },
  };
}

interface RouteParts {
  readonly resources: ResourceSet;
  readonly parseThread: ParseThread;
  readonly authorizer: Authorizer;
}

function routesOf(options: ApiServerOptions, { resources, parseThread, authorizer }: RouteParts): Routes {
  const { store, clock, admission = [], subresources = [], virtualKinds = new Map() } = options;
  return {
    resources,
    subresources: new Map(subresources.map((handler) => [`${handler.groupResource}/${handler.name}`, handler])),
    virtualKinds,
    parseThread,
    environment: { store, clock, admission, authorizer, random: (below) => randomInt(below), uuid: () => randomUUID() },
  };
}

/**
 * Returns the `timeout` of a request, in milliseconds, when it is shorter than the limit for all requests.
 *
 * @throws {StatusError} `BadRequest` for what is no duration.
 */
function requestedLimitMs(query: URLSearchParams): number | undefined {
  const read = queryDuration(query.get("timeout") || null);
  if ("error" in read) {
    throw new StatusError("BadRequest", `invalid timeout specified in the request URL - ${read.error}`);
  }
  const { value = 0 } = read;
  return value > 0 && value < REQUEST_TIMEOUT_MS ? value : undefined;
}

function statusErrorOf(error: unknown, { method, path }: ApiRequest, log: Logger): StatusError {
  if (error instanceof StatusError) return error;
  log.error("A request failed", { method, path, error });
  const message = error instanceof Error ? error.message : String(error);
  return new StatusError("InternalError", `Internal error occurred: ${message}`, {
    details: { causes: [{ message }] },
  });
}
