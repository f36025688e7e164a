import type { Kind } from "@fairlead/api/kind";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";
import { METRICS_TYPE, type Metrics } from "@fairlead/lib/metrics";
import type { Store } from "@fairlead/store/store";
import { readable } from "./answers/indentation.ts";
import type { HealthCheck } from "./discovery/health.ts";
import { health, isHealthPath } from "./discovery/health.ts";
import { discovery } from "./discovery/paths.ts";
import type { VersionInfo } from "./discovery/version.ts";
import { bytesResponse, textResponse } from "./http/response.ts";
import { openApiDocuments } from "./openapi/documents.ts";
import { methodNotAllowed } from "./registry/refusals.ts";
import type { ResourceSet } from "./registry/resource-set.ts";

/** A document that does not change while the server runs. */
export interface PublishedDocument {
  /** A media type of JSON. */
  readonly contentType: string;
  readonly body: object;
}

/** How long clients may keep a document, in seconds; upstream's figure for the keys of service accounts. */
const DOCUMENT_MAX_AGE_SECONDS = 3_600;

export interface PathsOptions {
  readonly resources: Pick<ResourceSet, "kinds">;
  readonly store: Store;
  readonly documents?: ReadonlyMap<string, PublishedDocument>;
  readonly version: VersionInfo;
  readonly externalAddress: string;
  readonly metrics: Pick<Metrics, "text">;
  isStopping(): boolean;
}

/** Paths that upstream routes for GET alone. The others take any method. */
const READ_ONLY = /^\/(apis?|version)(\/|$)/;

/** Answers what is not about objects; `undefined` for a path that leads nowhere. */
export type Paths = (request: ApiRequest, path: string, query: URLSearchParams) => Promise<ApiResponse | undefined>;

/** Discovery, health, version and the published descriptions. */
export function createPaths(options: PathsOptions): Paths {
  const { resources, version, externalAddress, documents } = options;
  const checks = healthChecks(options);
  const openApi = openApiDocuments(resources, version.gitVersion);
  const answer: Paths = async (request, path, query) => {
    if (isHealthPath(path)) return health(path, query, checks);
    if (path === "/version" || path === "/version/") return indentedResponse(version);
    if (path === "/metrics") return textResponse(200, options.metrics.text(), { "content-type": METRICS_TYPE });
    if (path === "/") return indentedResponse({ paths: rootPaths(resources.kinds) });
    const document = documents?.get(path);
    if (document !== undefined) return readable(request, published(document));
    return openApi(request, path, query) ?? discovery(resources.kinds, request, path, externalAddress);
  };
  return async (request, path, query) => {
    const response = await answer(request, path, query);
    if (response !== undefined && request.method !== "GET" && READ_ONLY.test(path)) throw methodNotAllowed();
    return response;
  };
}

function published({ contentType, body }: PublishedDocument): ApiResponse {
  const headers = { "cache-control": `public, max-age=${DOCUMENT_MAX_AGE_SECONDS}` };
  return bytesResponse(200, contentType, Buffer.from(JSON.stringify(body)), headers);
}

/** What upstream indents for everybody. */
function indentedResponse(body: unknown): ApiResponse {
  return bytesResponse(200, "application/json", Buffer.from(JSON.stringify(body, undefined, 2)));
}

function healthChecks({ store, isStopping }: PathsOptions): readonly HealthCheck[] {
  return [
    { name: "ping", liveness: true, check: () => undefined },
    {
      name: "etcd",
      liveness: true,
      check: () =>
        store.revision().then(
          () => undefined,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        ),
    },
    { name: "shutdown", liveness: false, check: () => (isStopping() ? "the server is stopping" : undefined) },
  ];
}

function rootPaths(kinds: readonly Kind[]): readonly string[] {
  const groups = new Set(
    kinds.filter(({ group }) => group !== "").flatMap((k) => [`/apis/${k.group}`, `/apis/${k.group}/${k.version}`]),
  );
  return [
    "/api",
    "/api/v1",
    "/apis",
    ...groups,
    "/healthz",
    "/livez",
    "/metrics",
    "/readyz",
    "/openapi/v2",
    "/openapi/v3",
    "/version",
  ].sort();
}
