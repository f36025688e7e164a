import { randomInt } from "node:crypto";
import { builtinResources } from "../../api/kinds.ts";
import type { Client } from "../../client/client.ts";
import { clientOf } from "../../client/rest/rest-client.ts";
import type { ApiRequest, ApiResponse } from "../../client/transport/transport.ts";
import type { Clock } from "../../lib/clock.ts";
import { systemClock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { silentLogger } from "../../lib/log.ts";
import type { Running } from "../../lib/running.ts";
import { running } from "../../lib/running.ts";
import { readBuild } from "../../lib/version.ts";
import { createMemoryStore } from "../../store/memory/memory-store.ts";
import type { Store } from "../../store/store.ts";
import { serviceAllocation } from "../allocation/service-allocation.ts";
import type { User } from "../authn/authenticator.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import { versionInfo } from "../discovery/version.ts";
import { frozen } from "../in-process/frozen.testing.ts";
import { objectExchange } from "../in-process/object-exchange.ts";
import type { ApiServer, ApiServerOptions } from "../server.ts";
import { createApiServer } from "../server.ts";

/** The user of requests for which a test names none. */
export const testAdmin: User = {
  name: "kubernetes-admin",
  uid: "",
  groups: ["system:masters", "system:authenticated"],
  extra: {},
};

const allowAll: Authorizer = { authorize: () => ({ verdict: "allow", reason: "" }) };

export interface TestApiServer extends Running {
  readonly server: ApiServer;
  readonly store: Store;
  handle(request: ApiRequest, user?: User): Promise<ApiResponse>;
  /** A client in the same process. Default: as {@link testAdmin}. */
  client(user?: User): Client;
}

/**
 * A whole API server with a memory store, in this process and without a socket. Everybody may do everything; Services
 * get their addresses and ports.
 *
 * @param options - Replaces parts: hooks, admission, authorizers, a clock, other kinds.
 */
export async function startTestApiServer(
  options: Partial<ApiServerOptions> & { readonly log?: Logger; readonly clock?: Clock } = {},
): Promise<TestApiServer> {
  const store = options.store ?? createMemoryStore();
  const server = await createApiServer({
    resources: builtinResources,
    authenticators: [],
    authorizers: [allowAll],
    version: versionInfo(readBuild(), "linux/amd64"),
    externalAddress: "127.0.0.1:6443",
    log: silentLogger,
    clock: systemClock,
    hooks: new Map([["services", serviceAllocation({ store, serviceCIDRs: ["10.96.0.0/12"], random: randomInt })]]),
    ...options,
    store,
  });
  return {
    ...running(async () => {
      await server.stop();
      if (options.store === undefined) await store.close();
    }),
    server,
    store,
    handle: (request, user = testAdmin) => server.handle(request, user),
    client: (user = testAdmin) => clientOf(objectExchange(() => server, { user, pass: frozen })),
  };
}
