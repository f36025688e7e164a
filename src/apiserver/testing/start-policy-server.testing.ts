import { generateKeyPairSync } from "node:crypto";
import { ownCaches } from "@fairlead/client/cache/cache-source";
import type { Client } from "@fairlead/client/client";
import { clientOf } from "@fairlead/client/rest/rest-client";
import { type Clock, systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { type Running, running } from "@fairlead/lib/running";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import type { Store } from "@fairlead/store/store";
import type { User } from "../authn/authenticator.ts";
import { bootstrap } from "../bootstrap/bootstrap.ts";
import { startCustomResources } from "../customresources/start-custom-resources.ts";
import { frozen } from "../in-process/frozen.testing.ts";
import { objectExchange } from "../in-process/object-exchange.ts";
import { apiServerPolicy } from "../policy.ts";
import type { ApiServer } from "../server.ts";
import { startTestApiServer, testAdmin } from "./start-test-server.testing.ts";

/** The issuer of the test server's tokens. */
export const TEST_ISSUER = "https://kubernetes.default.svc.cluster.local";

export interface PolicyServer extends Running {
  readonly server: ApiServer;
  readonly store: Store;
  /** A client in the same process. Default: an administrator. */
  client(user?: User): Client;
  /** Returns a client with the identity of the token; rejects for an invalid token. */
  clientWithToken(token: string): Promise<Client>;
}

export interface PolicyServerOptions {
  readonly clock?: Clock;
  /** Certificate, key and authority for kubelets, PEM. Default: none that work. */
  readonly kubeletTls?: { readonly cert: string; readonly key: string; readonly ca: string };
  /** PEM of the key that signs service account tokens. Default: a new one. */
  readonly signingKey?: string;
}

/** An API server that decides as a real cluster's does, with the default roles and Services, in this process. */
export async function startPolicyServer(options: PolicyServerOptions = {}): Promise<PolicyServer> {
  const { clock = systemClock, kubeletTls = { cert: "", key: "", ca: "" }, signingKey = newKey() } = options;
  const store = createMemoryStore();
  let api: ApiServer | undefined;
  const clientFor = (user: User) =>
    clientOf(
      objectExchange(
        () => {
          if (api === undefined) throw new Error("the server has not been started");
          return api;
        },
        { user, pass: frozen },
      ),
    );
  const policy = apiServerPolicy({
    store,
    client: clientFor(testAdmin),
    caches: ownCaches(clientFor(testAdmin), { log: silentLogger, clock }),
    serviceAccounts: { issuer: TEST_ISSUER, signingKey },
    serviceCIDRs: ["10.96.0.0/12"],
    kubeletTls,
    log: silentLogger,
    clock,
  });
  const { start, ...parts } = policy;
  const test = await startTestApiServer({ ...parts, store, clock });
  api = test.server;
  await bootstrap(clientFor(testAdmin), { dns: { clusterIP: "10.96.0.10" } });
  const following = await start();
  const { resources } = test.server;
  const customResources = await startCustomResources({
    ...{ resources, client: clientFor(testAdmin), clock },
    caches: ownCaches(clientFor(testAdmin), { log: silentLogger, clock }),
    log: silentLogger,
  });
  return {
    ...running(async () => {
      await customResources.stop();
      await following.stop();
      await test.stop();
      await store.close();
    }),
    server: test.server,
    store,
    client: (user = testAdmin) => clientFor(user),
    async clientWithToken(token) {
      return clientFor(await test.server.authenticate({ headers: { authorization: `Bearer ${token}` } }));
    },
  };
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
