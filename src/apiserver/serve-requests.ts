import type { ResourceReference } from "@fairlead/api/resource-reference";
import { StatusError } from "@fairlead/api/status-error";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import { queryDuration } from "@fairlead/lib/query-value";
import { type Answer, responseAnswer } from "./answers/answer.ts";
import { refused } from "./answers/status.ts";
import type { User } from "./authn/authenticator.ts";
import { assertAllowed, attributesOf } from "./authorize-request.ts";
import type { Authorizer } from "./authz/authorizer.ts";
import type { DispatchRequest, ReadBody, Routes } from "./dispatch.ts";
import { answerTo, dispatch, isLong, servedKind, upgradeKind, upgradeTarget } from "./dispatch.ts";
import { mediaTypeOf, type ServedRequest } from "./http/body.ts";
import { createDeadlines, type Deadlines } from "./http/deadlines.ts";
import { effectiveUser } from "./http/impersonation.ts";
import { pageNotFoundResponse, textResponse } from "./http/response.ts";
import { type Warn, withWarnings } from "./http/warnings.ts";
import type { WebSocketBody } from "./http/websocket-body.ts";
import type { createPaths } from "./paths.ts";
import { type ReadRequest, readRequest } from "./read-request.ts";
import { pathNotFound } from "./registry/refusals.ts";
import type { PathRequestInfo } from "./request-info.ts";
import { type RequestMetrics, requestMetrics } from "./request-metrics.ts";
import type { SubresourceHandler, SubresourceRequest } from "./subresources/subresource.ts";

/** Answers the requests of users who are known. */
export interface RequestServer {
  /**
   * Answers one request of a user who is already known. Refusals are answers; only an aborted request rejects.
   *
   * @param readBody - Reads the body of a request that comes without one. Called only once the user may make the
   *   request and something is there to take it. A {@link StatusError} that it throws becomes the answer.
   */
  handle(request: ApiRequest, user: User, readBody?: ReadBody): Promise<ApiResponse>;
  /**
   * Answers one request of a client in this process: the same as {@link handle} before it is written. Its body is a value.
   * Warnings are dropped.
   *
   * @throws {StatusError} for a refusal.
   */
  answer(request: ServedRequest, user: User): Promise<Answer>;
  /**
   * Checks that a user may list and watch all objects of a resource. For caches that several users share.
   *
   * @throws {StatusError} `Forbidden` otherwise.
   */
  assertMayFollow(user: User, resource: ResourceReference): void;
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

/** What requests are served with. */
export interface RequestServerOptions {
  readonly routes: Routes;
  readonly authorizer: Authorizer;
  /** Serves what is no resource: discovery, health, metrics. */
  readonly paths: ReturnType<typeof createPaths>;
  readonly metrics: Metrics;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
  readonly log: Logger;
  readonly clock: Clock;
}

/** How long an ordinary request may take; upstream's `--request-timeout`. */
const REQUEST_TIMEOUT_MS = 60_000;

/** Authorizes, times and counts requests, and has them answered. */
export function serveRequests(options: RequestServerOptions): RequestServer {
  const { routes, authorizer, stopping, log, clock } = options;
  const serving: Serving = {
    ...options,
    deadlines: createDeadlines(clock, REQUEST_TIMEOUT_MS),
    requests: requestMetrics(options.metrics),
  };
  return {
    async handle(request, user, readBody) {
      const read = readRequest(request);
      if (read instanceof StatusError) return refused(request, read);
      if (read === "notEncoded") return textResponse(400, "400 Bad Request");
      const work = async () => {
        const warnings: string[] = [];
        const warn = (texts: readonly string[]) => warnings.push(...texts);
        try {
          return withWarnings(await respond(serving, read, { request, readBody, user, warn }), warnings);
        } catch (error) {
          if (request.signal?.aborted === true) throw error;
          return withWarnings(await refused(request, statusErrorOf(error, request, log)), warnings);
        }
      };
      return await observed(serving, { read, request, work, code: ({ status }) => status });
    },

    async answer(request, user) {
      const read = readRequest(request);
      if (read instanceof StatusError) throw read;
      if (read === "notEncoded") throw notEncoded();
      const asking = { request, readBody: undefined, user, warn: () => {} };
      const work = async () => {
        try {
          return await answer(serving, read, asking);
        } catch (error) {
          throw request.signal?.aborted === true ? error : statusErrorOf(error, request, log);
        }
      };
      return await observed(serving, { read, request, work, code: codeOf });
    },

    assertMayFollow(user, { group, version, plural }) {
      const about = { group, version, resource: plural, subresource: "", namespace: "", name: "" };
      for (const verb of ["list", "watch"]) assertAllowed(authorizer, { type: "resource", user, verb, ...about });
    },

    upgradeKind(request) {
      const read = readRequest(request);
      return read instanceof StatusError || read === "notEncoded" ? undefined : upgradeKind(routes, request, read.info);
    },

    async upgrade(request, user) {
      const read = readRequest(request);
      if (read instanceof StatusError) throw read;
      if (read === "notEncoded") throw notEncoded();
      const { info, query } = read;
      const actor = authorized(read, { request, user }, authorizer);
      const whole = { request, query, user: actor, warn: () => {}, stopping };
      const target = info.type === "resource" ? await upgradeTarget(routes, { ...whole, info }) : undefined;
      if (target === undefined) throw new StatusError("BadRequest", "there is nothing to upgrade to at this path");
      return target;
    },
  };
}

interface Serving extends RequestServerOptions {
  readonly deadlines: Deadlines;
  readonly requests: RequestMetrics;
}

interface Asking {
  readonly request: ServedRequest;
  readonly readBody: ReadBody | undefined;
  readonly user: User;
  readonly warn: Warn;
}

/** For whom the request is made. Throws when they may not. */
function authorized(
  { info }: ReadRequest,
  { request, user }: Pick<Asking, "request" | "user">,
  authorizer: Authorizer,
): User {
  const actor = effectiveUser(request, user, authorizer);
  assertAllowed(authorizer, attributesOf(info, actor));
  return actor;
}

/** Answers a client outside of this process. */
function respond(serving: Serving, read: ReadRequest, asking: Asking): Promise<ApiResponse> {
  const { info, query } = read;
  const user = authorized(read, asking, serving.authorizer);
  if (info.type === "path") return respondAtPath(serving, info, query, asking.request);
  return inTime(serving, { ...asking, info, query, user }, (dispatched) => dispatch(serving.routes, dispatched));
}

async function respondAtPath(
  { paths }: Serving,
  { path }: PathRequestInfo,
  query: URLSearchParams,
  request: ApiRequest,
): Promise<ApiResponse> {
  return (await paths(request, path, query)) ?? pageNotFoundResponse();
}

/** Answers a client in this process. */
async function answer(serving: Serving, read: ReadRequest, asking: Asking): Promise<Answer> {
  const { info, query } = read;
  const user = authorized(read, asking, serving.authorizer);
  if (info.type === "path") {
    const response = await serving.paths(asking.request, info.path, query);
    if (response === undefined) throw pathNotFound();
    return responseAnswer(response);
  }
  const about = { ...asking, info, query, user };
  return await inTime(serving, about, (dispatched) => answerTo(serving.routes, dispatched));
}

/** Begins to answer an authorized request, within the time that it may take. */
function inTime<T>(
  { routes, deadlines, stopping }: Serving,
  authorized: Omit<DispatchRequest, "stopping" | "overdue">,
  work: (dispatched: DispatchRequest) => Promise<T>,
): Promise<T> {
  const { info, query, warn } = authorized;
  const deprecation = servedKind(routes, info)?.deprecation;
  if (deprecation !== undefined) warn([deprecation]);
  if (isLong(routes, info)) return work({ ...authorized, stopping });
  return deadlines.inTime((overdue) => work({ ...authorized, stopping, overdue }), requestedLimitMs(query));
}

interface Observed<T> {
  readonly read: ReadRequest;
  readonly request: ApiRequest;
  work(): Promise<T>;
  /** Returns the code of an answer. */
  code(answered: T): number;
}

/** Counts a request and its answer. */
async function observed<T>({ routes, requests, clock }: Serving, { read, request, work, code }: Observed<T>) {
  const startedAt = clock.monotonicMs();
  const record = (answeredCode: number) => {
    const seconds = (clock.monotonicMs() - startedAt) / 1000;
    requests.record({ ...counted(routes, read, request), code: answeredCode, seconds });
  };
  const ended = requests.begun(request.method);
  try {
    const answered = await work();
    record(code(answered));
    return answered;
  } catch (error) {
    if (error instanceof StatusError) record(error.code);
    throw error;
  } finally {
    ended();
  }
}

/** What a request is counted by. */
function counted({ resources }: Routes, { info, query }: ReadRequest, request: ApiRequest) {
  return {
    info,
    isServed: info.type === "resource" && resources.find({ ...info, plural: info.resource }) !== undefined,
    mediaType: mediaTypeOf(request),
    isDryRun: query.get("dryRun") === "All",
  };
}

function codeOf(answer: Answer): number {
  switch (answer.type) {
    case "object":
    case "document":
      return answer.code;
    case "response":
      return answer.response.status;
    default:
      return 200;
  }
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

function notEncoded(): StatusError {
  return new StatusError("BadRequest", "400 Bad Request");
}

function statusErrorOf(error: unknown, { method, path }: ApiRequest, log: Logger): StatusError {
  if (error instanceof StatusError) return error;
  log.error("A request failed", { method, path, error });
  const message = error instanceof Error ? error.message : String(error);
  return new StatusError("InternalError", `Internal error occurred: ${message}`, {
    details: { causes: [{ message }] },
  });
}
