/** Bindings end right when the controller is interrupted again and again, and its cache lags behind its writes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { defaultAuthorizers, userNamed } from "@fairlead/apiserver/testing/default-authorizers.testing";
import { startTestApiServer } from "@fairlead/apiserver/testing/start-test-server.testing";
import { ownCaches } from "@fairlead/client/cache/cache-source";
import type { Client } from "@fairlead/client/client";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { createMetrics } from "@fairlead/lib/metrics";
import { openCaches } from "../caches.ts";
import { until } from "../controllers.testing.ts";
import { startPersistentVolumeBinder } from "./controller.ts";

const COUNT = 20;

/** A client that is cut off before or after some of its updates: to the caller both look alike. */
function cutOff(client: Client, random: () => number): Client {
  return {
    ...client,
    async update(kind, object, options) {
      const luck = random();
      if (luck < 0.2) throw new Error("cut off before the write");
      const written = await client.update(kind, object, options);
      if (luck > 0.8) throw new Error("cut off after the write");
      return written;
    },
  };
}

/** The same sequence for the same seed: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

for (const seed of [1, 2, 3]) {
  test(`every claim gets a volume of its own, however often its binding is cut off (${seed})`, async (t) => {
    const server = await startTestApiServer({ authorizers: defaultAuthorizers() });
    const client = server.client();
    const random = seeded(seed);
    const clientFor = (name: string) => cutOff(server.client(userNamed(name)), random);
    const cachesFor = (name: string) => ownCaches(clientFor(name), parts);
    const parts = { log: silentLogger, clock: systemClock };
    const metrics = createMetrics();
    const caches = openCaches(ownCaches(server.client(userNamed("system:kube-controller-manager")), parts));
    const options = { rootCA: "PEM", removeFolder: async () => {} };
    // Two at once, as while one server takes over from another.
    const binders = [1, 2].map(() =>
      startPersistentVolumeBinder({ clientFor, cachesFor, caches, options, metrics, ...parts }),
    );
    t.after(async () => {
      await Promise.all(binders.map((binder) => binder.stop()));
      await Promise.all(Object.values(caches).map((cache) => cache.stop()));
      await server.stop();
    });

    await client.create(namespaceKind, { metadata: { name: "team" } });
    const names = Array.from({ length: COUNT }, (_, i) => `${i}`);
    await Promise.all(
      names.flatMap((name, i) => [
        client.create(persistentVolumeKind, {
          metadata: { name },
          spec: {
            capacity: { storage: `${1 + (i % 4)}Gi` },
            accessModes: ["ReadWriteOnce"],
            hostPath: { path: `/data/${name}` },
          },
        }),
        client.create(persistentVolumeClaimKind, {
          metadata: { name, namespace: "team" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        }),
      ]),
    );

    const settled = await until(async () => {
      const [claims, volumes] = await Promise.all([
        client.list(persistentVolumeClaimKind, { namespace: "team" }),
        client.list(persistentVolumeKind),
      ]);
      const all = [...claims.items, ...volumes.items];
      return all.every(({ status }) => status.phase === "Bound") ? { claims, volumes } : undefined;
    });
    const claimOf = new Map(settled.volumes.items.map(({ metadata, spec }) => [metadata.name, spec.claimRef?.uid]));
    for (const { metadata, spec } of settled.claims.items) {
      assert.equal(claimOf.get(spec.volumeName ?? ""), metadata.uid, `claim ${metadata.name} and its volume`);
    }
    assert.equal(new Set(claimOf.values()).size, COUNT);
  });
}
