import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import type { Kind } from "@fairlead/api/kind";
import { isNotFound, StatusError } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { settle } from "@fairlead/lib/clock.testing";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import type { Store, TxnRequest } from "@fairlead/store/store";
import { serviceAllocation } from "../allocation/service-allocation.ts";
import { podBinding } from "../subresources/pods/pod-binding.ts";
import { startTestApiServer, type TestApiServer } from "../testing/start-test-server.testing.ts";
import { createTurns } from "./turns.ts";
import { retryInTurn, writeInTurn } from "./write-in-turn.ts";

/** Services that are created at once. */
const SERVICES = 200;
/** Clients that patch without end. */
const PATCHERS = 50;
const key = { name: "a", namespace: "default" };

test("a write is attempted again until it has an outcome, and refused when it loses without end", async () => {
  const turns = createTurns();
  let attempts = 0;
  assert.equal(await writeInTurn(turns, "a", async () => (++attempts === 3 ? "done" : undefined)), "done");
  attempts = 0;
  const lost = retryInTurn(turns, "a", async () => {
    attempts++;
    return undefined;
  });
  await assert.rejects(lost, (error) => error instanceof StatusError && error.reason === "ServerTimeout");
  assert.equal(attempts, 64);
});

/** A write that is slower than clients that patch the same object over and over. */
interface SlowWrite {
  readonly name: string;
  readonly kind: Kind;
  readonly object: object;
  /** Whether a transaction is of this write. */
  isOwn(request: TxnRequest): boolean;
  write(client: Client, api: TestApiServer): Promise<unknown>;
}

const pod = { metadata: key, spec: { containers: [{ name: "c", image: "i" }] } };
const slowWrites: readonly SlowWrite[] = [
  {
    name: "a deletion",
    kind: configMapKind,
    object: { metadata: key },
    isOwn: ({ success }) => success.some(({ type }) => type === "delete"),
    write: (client) => client.delete(configMapKind, key),
  },
  {
    name: "the mark of a deletion that waits for finalizers",
    kind: configMapKind,
    object: { metadata: { ...key, finalizers: ["example.com/wait"] } },
    isOwn: (request) => putText(request).includes("deletionTimestamp"),
    write: (client) => client.delete(configMapKind, key),
  },
  {
    name: "the binding of a pod",
    kind: podKind,
    object: pod,
    isOwn: (request) => putText(request).includes("nodeName"),
    write: (_client, { handle }) => bind(handle),
  },
];

for (const { name, kind, object, isOwn, write } of slowWrites) {
  test(`${name} loses at most once, whatever the number of clients that patch the object meanwhile`, async (t) => {
    const memory = createMemoryStore();
    let attempts = 0;
    let isDone = false;
    const store: Store = {
      ...memory,
      async txn(request) {
        if (isDone || !isOwn(request)) return memory.txn(request);
        attempts++;
        await settle(); // Other writers come first, if they may.
        const result = await memory.txn(request);
        isDone = result.succeeded;
        return result;
      },
    };
    const turns = createTurns();
    const subresources = [podBinding({ store, turns, clock: { now: () => 0 } })];
    const api = await startTestApiServer({ store, turns, subresources });
    t.after(async () => {
      await api.stop();
      await memory.close();
    });
    const client = api.client();
    await client.create(kind, object);
    const ending = new AbortController();
    const writers = Array.from({ length: PATCHERS }, (_, number) =>
      patchUntil(ending.signal, client, { kind, number }),
    );
    await settle();
    await write(client, api);
    ending.abort();
    await Promise.all(writers);
    assert.ok(attempts <= 2, `${attempts} attempts`);
  });
}

test("Services that are created or changed at once all get an address and a port, also when all choose the same", async (t) => {
  const store = createMemoryStore();
  const hook = serviceAllocation({ store, serviceCIDRs: ["10.96.0.0/16"], random: () => 0 });
  const api = await startTestApiServer({ store, hooks: new Map([["services", hook]]) });
  t.after(async () => {
    await api.stop();
    await store.close();
  });
  const client = api.client();
  const services = await Promise.all(
    Array.from({ length: SERVICES }, (_, number) =>
      client.create(serviceKind, {
        metadata: { name: `s${number}`, namespace: "default" },
        spec: { ports: [{ port: 80 }] },
      }),
    ),
  );
  assert.equal(new Set(services.map(({ spec }) => spec.clusterIP)).size, SERVICES);
  const changed = await Promise.all(
    services.map(({ metadata }) => client.patch(serviceKind, metadata, "merge", { spec: { type: "NodePort" } })),
  );
  assert.equal(new Set(changed.map(({ spec }) => spec.ports?.[0]?.nodePort)).size, SERVICES);
});

async function patchUntil(
  signal: AbortSignal,
  client: Client,
  { kind, number }: { readonly kind: Kind; readonly number: number },
): Promise<void> {
  for (let round = 0; !signal.aborted; round++) {
    try {
      await client.patch(kind, key, "merge", { metadata: { annotations: { by: `${number} ${round}` } } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return;
    }
    await setImmediate(); // Writes in memory leave no other work a turn of the event loop.
  }
}

async function bind(handle: TestApiServer["handle"]): Promise<void> {
  const binding = { apiVersion: "v1", kind: "Binding", metadata: key, target: { kind: "Node", name: "n" } };
  const { status } = await handle({
    method: "POST",
    path: `/api/v1/namespaces/${key.namespace}/pods/${key.name}/binding`,
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify(binding)),
  });
  assert.equal(status, 201);
}

function putText({ success }: TxnRequest): string {
  return success.map((one) => (one.type === "put" ? Buffer.from(one.value).toString() : "")).join();
}
