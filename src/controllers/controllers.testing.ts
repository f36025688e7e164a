import type { TestContext } from "node:test";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import { isForbidden, isNotFound } from "@fairlead/api/status-error";
import { namespaceLifecycle } from "@fairlead/apiserver/admission/namespace-lifecycle";
import { objectLookup } from "@fairlead/apiserver/admission/object-lookup";
import { startCustomResources } from "@fairlead/apiserver/customresources/start-custom-resources";
import { frozen } from "@fairlead/apiserver/in-process/frozen.testing";
import { objectExchange } from "@fairlead/apiserver/in-process/object-exchange";
import type { ApiServer } from "@fairlead/apiserver/server";
import { defaultAuthorizers, userNamed } from "@fairlead/apiserver/testing/default-authorizers.testing";
import { startTestApiServer } from "@fairlead/apiserver/testing/start-test-server.testing";
import { ownCaches } from "@fairlead/client/cache/cache-source";
import type { Client } from "@fairlead/client/client";
import { clientOf } from "@fairlead/client/rest/rest-client";
import { systemClock } from "@fairlead/lib/clock";
import { createLogger, silentLogger } from "@fairlead/lib/log";
import { createMetrics } from "@fairlead/lib/metrics";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import type { ControllersOptions } from "./controllers-options.ts";
import { startControllers } from "./start-controllers.ts";

/** Longest that a test waits for something to come true. */
const PATIENCE_MS = 30_000;

/** What is done with an API server on which all controllers run. */
export interface ControlledCluster {
  /** The administrator's. */
  readonly client: Client;
  /** Asks again and again until there is an answer; what is not found is no answer. */
  until<T>(ask: () => Promise<T | undefined>): Promise<T>;
  /** Writes that the API server refused to a controller, as `POST /api/v1/namespaces/team/pods`. */
  readonly refused: readonly string[];
  /** A pod `app: web` in the namespace `team` that its kubelet says is running and ready. */
  runPod(pod: RunningPod): Promise<void>;
}

/** What a test says about a pod that runs. */
export interface RunningPod {
  readonly name: string;
  readonly ip: string;
  /** Default: `n1`. */
  readonly node?: string;
  readonly tolerations?: Draft<Pod["spec"]["tolerations"]>;
}

/** Starts an API server and all controllers, for as long as the test runs. With `LOG` set they print what they say. */
export async function startControllersIn(
  t: TestContext,
  options: Partial<ControllersOptions> = {},
): Promise<ControlledCluster> {
  const log = process.env.LOG ? createLogger((line) => process.stderr.write(line), { level: "debug" }) : silentLogger;
  const store = createMemoryStore();
  const namespaces = objectLookup({ get: (kind, key) => client.get(kind, key) }, namespaceKind, {
    get: () => undefined,
  });
  const server = await startTestApiServer({
    ...{ log, store, authorizers: defaultAuthorizers() },
    admission: [namespaceLifecycle({ namespaces, clock: systemClock })],
  });
  const client = server.client();
  // Events of objects without a namespace are there.
  await client.create(namespaceKind, { metadata: { name: "default" } });
  const refused: string[] = [];
  const answer: ApiServer["answer"] = async (request, user) => {
    try {
      return await server.server.answer(request, user);
    } catch (error) {
      if (isForbidden(error)) refused.push(`${request.method} ${request.path}`);
      throw error;
    }
  };
  const clientFor = (name: string) =>
    clientOf(objectExchange(() => ({ answer }), { user: userNamed(name), pass: frozen }));
  const { resources } = server.server;
  const common = { log, clock: systemClock };
  const customResources = await startCustomResources({
    ...{ resources, client, caches: ownCaches(client, common) },
    ...common,
  });
  const controllers = await startControllers({
    clientFor,
    cachesFor: (name) => ownCaches(clientFor(name), common),
    options: { rootCA: "PEM", ...options },
    log,
    clock: systemClock,
    metrics: createMetrics(),
  });
  t.after(async () => {
    await controllers.stop();
    await customResources.stop();
    await server.stop();
    await store.close();
  });
  return { client, refused, until, runPod: (pod) => runPod(client, pod) };
}

/** See {@link ControlledCluster.until}. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const endMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask().catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (answer !== undefined) return answer;
    if (Date.now() > endMs) throw new Error(`Still not so after ${PATIENCE_MS} ms: ${ask}`);
    await systemClock.sleep(10);
  }
}

async function runPod(client: Client, { name, ip, node = "n1", tolerations = [] }: RunningPod): Promise<void> {
  const created = await client.create(podKind, {
    metadata: { name, namespace: "team", labels: { app: "web" } },
    spec: { nodeName: node, tolerations, containers: [{ name: "c", image: "app" }] },
  });
  const lastTransitionTime = created.metadata.creationTimestamp;
  const status = {
    ...created.status,
    phase: "Running" as const,
    podIP: ip,
    podIPs: [{ ip }],
    conditions: [{ type: "Ready", status: "True" as const, lastTransitionTime }],
  };
  await client.update(podKind, { ...created, status }, { subresource: "status" });
}
