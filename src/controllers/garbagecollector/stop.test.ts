import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { secretKind } from "@fairlead/api/core/v1/secret/secret";
import type { User } from "@fairlead/apiserver/authn/authenticator";
import { startTestApiServer, testAdmin } from "@fairlead/apiserver/testing/start-test-server.testing";
import { ownCaches } from "@fairlead/client/cache/cache-source";
import { createClient } from "@fairlead/client/rest/rest-client";
import { inProcessTransport } from "@fairlead/client/transport/in-process-transport.testing";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { createMetrics } from "@fairlead/lib/metrics";
import { openCaches } from "../caches.ts";
import { startGarbageCollector } from "./controller.ts";

test("a garbage collector that cannot list a resource stops", async (t) => {
  const server = await startTestApiServer();
  const common = { log: silentLogger, clock: systemClock };
  const caches = openCaches(ownCaches(server.client(), common));
  t.after(async () => {
    await Promise.all(Object.values(caches).map((cache) => cache.stop()));
    await server.stop();
  });
  const asked = Promise.withResolvers<void>();
  const withoutSecrets = inProcessTransport(async (request, user: User) => {
    if (!request.path.startsWith(`/api/v1/${secretKind.plural}`)) return server.handle(request, user);
    asked.resolve();
    throw new Error("this server does not answer");
  }, testAdmin);
  const collector = startGarbageCollector({
    ...common,
    caches,
    options: { rootCA: "PEM" },
    metrics: createMetrics(),
    clientFor: () => createClient(withoutSecrets),
    cachesFor: () => ownCaches(createClient(withoutSecrets), common),
  });
  await asked.promise;
  const stopped = collector.stop().then(() => "stopped");
  assert.equal(await Promise.race([stopped, setTimeout(10_000, "waits for the list", { ref: false })]), "stopped");
});
