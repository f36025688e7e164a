import { randomInt, randomUUID } from "node:crypto";
import type { ResourceDefinition } from "@fairlead/api/resource-definition";
import { apiVersionOf, groupResourceOf, type ResourceReference } from "@fairlead/api/resource-reference";
import { StatusError } from "@fairlead/api/status-error";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { createMetrics, type Metrics } from "@fairlead/lib/metrics";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import type { Store } from "@fairlead/store/store";
import type { AdmissionPlugin } from "./admission/admission.ts";
import { createEncodedItems } from "./answers/protobuf/encoded-items.ts";
import type { Authenticator, Credentials, User } from "./authn/authenticator.ts";
import { anonymousUser } from "./authn/authenticator.ts";
import type { Authorizer } from "./authz/authorizer.ts";
import { unionAuthorizer } from "./authz/union-authorizer.ts";
import type { VersionInfo } from "./discovery/version.ts";
import type { Routes } from "./dispatch.ts";
import type { ParseThread } from "./http/large-body/parse-thread.ts";
import { createParseThread } from "./http/large-body/parse-thread.ts";
import { createPaths, type PublishedDocument } from "./paths.ts";
import { deleteAllObjects } from "./registry/delete-all-objects.ts";
import type { RegistryEnvironment } from "./registry/environment.ts";
import { shuttingDown } from "./registry/refusals.ts";
import type { Resource, ServedDefinition } from "./registry/resource.ts";
import { createResourceSet, type ResourceSet } from "./registry/resource-set.ts";
import { servedVersion } from "./registry/served-version.ts";
import { builtinStrategies } from "./registry/strategies/builtin-strategies.ts";
import type { Strategies } from "./registry/strategy.ts";
import { createTurns, type Turns } from "./registry/turns.ts";
import type { WriteHook } from "./registry/write-hook.ts";
import { type RequestServer, serveRequests } from "./serve-requests.ts";
import type { SubresourceHandler } from "./subresources/subresource.ts";
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
  /** Of all writers, where subresources and virtual kinds write, too. Default: the server's own. */
  readonly turns?: Turns;
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
export interface ApiServer extends Running, RequestServer {
  /** What is served now. */
  readonly resources: ServedResources;
  /**
   * Who holds these credentials; {@link anonymousUser} when there are none.
   *
   * @throws {StatusError} `Unauthorized` when they are no good.
   */
  authenticate(credentials: Credentials): Promise<User>;
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
  const metrics = options.metrics ?? createMetrics();
  const paths = createPaths({ ...options, resources, metrics, isStopping: () => stopping.signal.aborted });
  return {
    ...running(async () => {
      stopping.abort(shuttingDown());
      await Promise.all([parseThread.stop(), resources.stop()]);
    }),
    resources: servedResources(resources, routes.environment),
    ...serveRequests({ routes, authorizer, paths, metrics, stopping: stopping.signal, log, clock }),
    authenticate: (credentials) => authenticate(options.authenticators, credentials),
  };
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

/** Of the size of a list that clients repeat, not of all that is stored; kept between two of them. */
const ENCODED_ITEMS = { bytesMax: 32 * 1024 * 1024, ageMaxMs: 60_000 };

interface RouteParts {
  readonly resources: ResourceSet;
  readonly parseThread: ParseThread;
  readonly authorizer: Authorizer;
}

function routesOf(options: ApiServerOptions, { resources, parseThread, authorizer }: RouteParts): Routes {
  const { store, clock, admission = [], subresources = [], virtualKinds = new Map(), turns = createTurns() } = options;
  return {
    resources,
    subresources: new Map(subresources.map((handler) => [`${handler.groupResource}/${handler.name}`, handler])),
    virtualKinds,
    parseThread,
    encodedItems: createEncodedItems(ENCODED_ITEMS, clock),
    environment: {
      ...{ store, clock, admission, authorizer, turns },
      ...{ random: (below) => randomInt(below), uuid: () => randomUUID() },
    },
  };
}
