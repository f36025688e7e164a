import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { StatusError } from "@fairlead/api/status-error";
import { startTestApiServer } from "@fairlead/apiserver/testing/start-test-server.testing";
import { ownCaches } from "@fairlead/client/cache/cache-source";
import type { Client, WatchEvent } from "@fairlead/client/client";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { createMetrics } from "@fairlead/lib/metrics";
import { openCaches } from "../caches.ts";
import { until } from "../controllers.testing.ts";
import { startReplicaSetController } from "./controller.ts";

const namespace = "team";

/** A ReplicaSet controller whose copy of the pods stands still while the gate is shut. */
async function started(t: TestContext) {
  const server = await startTestApiServer();
  const client = server.client();
  const gate = createGate();
  const common = { log: silentLogger, clock: systemClock };
  const caches = openCaches(ownCaches(withLatePods(server.client(), gate), common));
  const options = { rootCA: "PEM" };
  const controller = startReplicaSetController({
    ...common,
    metrics: createMetrics(),
    caches,
    options,
    clientFor: () => client,
    cachesFor: () => ownCaches(client, common),
  });
  const ending = new AbortController();
  const made = new Set<string>();
  const watching = note(client, made, ending.signal);
  t.after(async () => {
    gate.open();
    ending.abort();
    await controller.stop();
    await Promise.all(Object.values(caches).map((cache) => cache.stop()));
    await watching;
    await server.stop();
  });
  const count = async () => (await client.list(podKind, { namespace, labelSelector: "app=web" })).items.length;
  const create = (name: string, replicas: number) =>
    client.create(replicaSetKind, {
      metadata: { namespace, name },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "c", image: "app:1" }] } },
      },
    });
  return {
    client,
    caches,
    gate,
    made,
    create,
    there: (pods: number) => until(async () => ((await count()) === pods ? true : undefined)),
    count,
    /** Has the ReplicaSet looked at again and again, and waits until another one has had its turn after it. */
    async poke(turn: string) {
      for (let i = 0; i < 5; i++) {
        const metadata = { annotations: { poke: `${turn} ${i}` } };
        await client.patch(replicaSetKind, { namespace, name: "web" }, "merge", { metadata });
      }
      const name = `after-${turn}`;
      await create(name, 0);
      await until(async () => {
        const { status } = await client.get(replicaSetKind, { namespace, name });
        return status.observedGeneration === 1 ? true : undefined;
      });
    },
    settled: (replicas: number) =>
      until(async () => {
        const { status } = await client.get(replicaSetKind, { namespace, name: "web" });
        return status.replicas === replicas ? true : undefined;
      }),
  };
}

test("with a cache that is behind, the same pods are not created again", async (t) => {
  const { gate, made, create, there, poke, settled, count } = await started(t);
  gate.shut();
  await create("web", 3);
  await there(3);
  await poke("creation");
  gate.open();
  await settled(3);
  assert.equal(await count(), 3);
  assert.equal(made.size, 3, "no pod was made and deleted again");
});

test("from a copy that still has one that went, no other is deleted in its place", async (t) => {
  const { client, gate, made, create, there, poke, settled, count, caches } = await started(t);
  await create("web", 4);
  await there(4);
  await settled(4);
  const [first, second] = (await client.list(podKind, { namespace, labelSelector: "app=web" })).items;
  const setCost = async (pod: Pod | undefined, cost: string) => {
    const { name = "" } = pod?.metadata ?? {};
    const annotations = { "controller.kubernetes.io/pod-deletion-cost": cost };
    await client.patch(podKind, { namespace, name }, "merge", { metadata: { annotations } });
    return async () => (caches.pods.get(`${namespace}/${name}`)?.metadata.annotations === undefined ? undefined : true);
  };
  await until(await setCost(first, "-1"));
  gate.shut();
  const isSecondSeen = await setCost(second, "-2");
  await client.patch(replicaSetKind, { namespace, name: "web" }, "merge", { spec: { replicas: 3 } });
  await there(3);
  // Now the second one is the cheapest, and the first one seems to be there still.
  gate.letOneThrough();
  await until(isSecondSeen);
  await poke("deletion");
  gate.open();
  await settled(3);
  assert.equal(await count(), 3);
  assert.equal(made.size, 4, "no pod was made in place of another that was deleted too");
});

test("pods that came and went before a copy was listed again are missed all the same", async (t) => {
  const { client, gate, made, create, there, poke, settled } = await started(t);
  gate.shut();
  await create("web", 2);
  await there(2);
  await poke("creation");
  for (const { metadata } of (await client.list(podKind, { namespace, labelSelector: "app=web" })).items) {
    await client.delete(podKind, { namespace, name: metadata.name }, { gracePeriodSeconds: 0 });
  }
  await there(0);
  gate.loseChanges();
  await settled(2);
  assert.equal(made.size, 4);
});

interface Gate {
  shut(): void;
  open(): void;
  /** Opens, but what was held back is lost: everything has to be listed again. */
  loseChanges(): void;
  letOneThrough(): void;
  passed(): Promise<void>;
}

/** Open at first. */
function createGate(): Gate {
  let places = Number.POSITIVE_INFINITY;
  let isLost = false;
  let moved = Promise.withResolvers<void>();
  const set = (count: number) => {
    places = count;
    moved.resolve();
    moved = Promise.withResolvers<void>();
  };
  return {
    shut: () => set(0),
    open: () => set(Number.POSITIVE_INFINITY),
    loseChanges() {
      isLost = true;
      set(Number.POSITIVE_INFINITY);
    },
    letOneThrough: () => set(places + 1),
    async passed() {
      while (places === 0) await moved.promise;
      if (isLost) {
        isLost = false;
        throw new StatusError("Expired", "too old resource version");
      }
      places -= 1;
    },
  };
}

/** A client whose watch of pods delivers events only while the gate is open. */
function withLatePods(client: Client, gate: Gate): Client {
  async function* late<T>(events: AsyncIterable<T>): AsyncIterable<T> {
    for await (const event of events) {
      await gate.passed();
      yield event;
    }
  }
  return {
    ...client,
    watch: <T extends KubeObject>(...[kind, options]: Parameters<Client["watch"]>) => {
      const events = client.watch(kind, options) as AsyncIterable<WatchEvent<T>>; // The caller's own kind.
      return kind.plural === podKind.plural ? late(events) : events;
    },
  };
}

/** Notes the uid of every pod `app=web` that is ever made. */
async function note(client: Client, made: Set<string>, signal: AbortSignal): Promise<void> {
  const { resourceVersion } = await client.list(podKind, { namespace });
  try {
    const options = { namespace, labelSelector: "app=web", resourceVersion, signal };
    for await (const event of client.watch(podKind, options)) {
      if (event.type === "ADDED") made.add(event.object.metadata.uid);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
