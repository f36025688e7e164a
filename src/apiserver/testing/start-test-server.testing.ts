import { randomInt } from "node:crypto";
import { builtinResources } from "@fairlead/api/kinds";
import type { Client } from "@fairlead/client/client";
import { clientOf } from "@fairlead/client/rest/rest-client";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";
import type { Clock } from "@fairlead/lib/clock";
import { systemClock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { silentLogger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import { readBuild } from "@fairlead/lib/version";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import type { Store } from "@fairlead/store/store";
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
