import type { TestContext } from "node:test";
import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import type { Draft } from "@fairlead/api/schema";
import { isNotFound } from "@fairlead/api/status-error";
import { startCustomResources } from "@fairlead/apiserver/customresources/start-custom-resources";
import { frozen } from "@fairlead/apiserver/in-process/frozen.testing";
import { objectExchange } from "@fairlead/apiserver/in-process/object-exchange";
import { defaultAuthorizers, userNamed } from "@fairlead/apiserver/testing/default-authorizers.testing";
import { startTestApiServer } from "@fairlead/apiserver/testing/start-test-server.testing";
import { ownCaches } from "@fairlead/client/cache/cache-source";
import type { Client } from "@fairlead/client/client";
import { clientOf } from "@fairlead/client/rest/rest-client";
import { systemClock } from "@fairlead/lib/clock";
import { createLogger, silentLogger } from "@fairlead/lib/log";
import { createMetrics } from "@fairlead/lib/metrics";
import type { Running } from "@fairlead/lib/running";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import { l2Advertisements } from "./kinds/l2-advertisement.ts";
import { type LoadBalancerOptions, startLoadBalancer } from "./start-load-balancer.ts";

/** Longest that a test waits for something to come true. */
const PATIENCE_MS = 30_000;

/** What is done with an API server on which the load balancer runs. */
export interface BalancedCluster {
  /** The administrator's. */
  readonly client: Client;
  /** Starts another load balancer, as after a restart of the server. */
  start(): Promise<Running>;
  stop(): Promise<void>;
  /** Asks again and again until there is an answer; what is not found is no answer. */
  until<T>(ask: () => Promise<T | undefined>): Promise<T>;
  /** Makes a Service of type LoadBalancer in the namespace `default`. */
  expose(name: string, service?: Exposed): Promise<Service>;
  /** Waits until a Service's addresses are these. */
  addressesOf(name: string, wanted: readonly string[]): Promise<void>;
  /** Waits for an event of the Service, and answers its message. */
  eventOf(name: string, reason: string): Promise<string>;
}

export interface Exposed {
  readonly metadata?: Draft<Service["metadata"]>;
  readonly spec?: Draft<Service["spec"]>;
}

/** Starts both, for as long as the test runs. With `LOG` set they print what they say. */
export async function startBalancedCluster(
  t: TestContext,
  options: Partial<LoadBalancerOptions> = {},
): Promise<BalancedCluster> {
  const log = process.env.LOG ? createLogger((line) => process.stderr.write(line), { level: "debug" }) : silentLogger;
  const store = createMemoryStore();
  const server = await startTestApiServer({ log, store, authorizers: defaultAuthorizers() });
  const client = server.client();
  for (const name of ["default", "kube-system"]) await client.create(namespaceKind, { metadata: { name } });
  const common = { log, clock: systemClock };
  const { resources } = server.server;
  const customResources = await startCustomResources({
    ...{ resources, client, caches: ownCaches(client, common) },
    ...common,
  });
  const own = clientOf(
    objectExchange(() => server.server, { user: userNamed("system:fairlead:loadbalancer"), pass: frozen }),
  );
  let running: Running | undefined;
  const stop = async () => {
    await running?.stop();
    running = undefined;
  };
  const start = async () => {
    running = startLoadBalancer({
      ...{ client: own, admin: client, caches: ownCaches(own, common), metrics: createMetrics(), ...common },
      ...{ addresses: ["10.0.0.1-10.0.0.2"], isOnAtFirst: true, ...options },
    });
    if (options.isOnAtFirst !== false) await until(() => client.list(l2Advertisements));
    return running;
  };
  t.after(async () => {
    await stop();
    await customResources.stop();
    await server.stop();
    await store.close();
  });
  await start();
  let clusterIPs = 10;
  const get = (name: string) => client.get(serviceKind, { namespace: "default", name });
  return {
    ...{ client, start, stop, until },
    expose: (name, { metadata = {}, spec = {} } = {}) =>
      client.create(serviceKind, {
        metadata: { ...metadata, name, namespace: "default" },
        spec: { type: "LoadBalancer", clusterIP: `10.96.0.${clusterIPs++}`, ports: [{ port: 80 }], ...spec },
      }),
    async addressesOf(name, wanted) {
      await until(async () => {
        const { status } = await get(name);
        const found = (status.loadBalancer?.ingress ?? []).map(({ ip }) => ip);
        return found.join() === wanted.join() ? found : undefined;
      });
    },
    eventOf: (name, reason) =>
      until(async () => {
        const { items } = await client.list(eventKind);
        return items.find((event) => event.reason === reason && event.involvedObject.name === name)?.message;
      }),
  };
}

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
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

/** The ConfigMap that says that the load balancer is on or off. */
export function addons(loadbalancer: "enabled" | "disabled"): Draft<ConfigMap> {
  return { metadata: { name: "fairlead-addons", namespace: "kube-system" }, data: { loadbalancer } };
}
