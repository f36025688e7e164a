import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { startTestApiServer } from "@fairlead/apiserver/testing/start-test-server.testing";
import type { Client } from "@fairlead/client/client";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { createBindingWriter } from "./binding-writer.ts";
import { createReclaimer } from "./reclaimer.ts";

const changes: { what: string; change(client: Client): Promise<unknown>; removed: string[] }[] = [
  { what: "as it was", change: async () => {}, removed: ["/tmp/disk"] },
  {
    what: "retained by now",
    change: (client) =>
      client.patch(persistentVolumeKind, { name: "disk" }, "merge", {
        spec: { persistentVolumeReclaimPolicy: "Retain" },
      }),
    removed: [],
  },
  {
    what: "free for others by now",
    change: (client) => client.patch(persistentVolumeKind, { name: "disk" }, "merge", { spec: { claimRef: null } }),
    removed: [],
  },
  { what: "gone by now", change: (client) => client.delete(persistentVolumeKind, { name: "disk" }), removed: [] },
];

for (const phase of ["Released", "Failed"]) {
  for (const { what, change, removed } of changes) {
    test(`the files of a volume that is known as ${phase} and is ${what}: ${removed.length === 0 ? "stay" : "go"}`, async () => {
      const server = await startTestApiServer();
      const client = server.client();
      const parts = { client, log: silentLogger, clock: systemClock };
      const events = createEventRecorder({ ...parts, component: "test" });
      const seen: string[] = [];
      const reclaim = createReclaimer({
        ...parts,
        write: createBindingWriter({ client, events }),
        removeFolder: async (folder) => void seen.push(folder),
      });
      const known = await createReleased(client, phase);
      await change(client);
      assert.equal(await reclaim(known, new AbortController().signal), "done");
      assert.deepEqual(seen, removed);
      await events.stop();
      await server.stop();
    });
  }
}

async function createReleased(client: Client, phase: string): Promise<PersistentVolume> {
  await client.create(persistentVolumeKind, {
    metadata: { name: "disk" },
    spec: {
      capacity: { storage: "1Gi" },
      accessModes: ["ReadWriteOnce"],
      hostPath: { path: "/tmp/disk" },
      persistentVolumeReclaimPolicy: "Delete",
      claimRef: { namespace: "team", name: "data", uid: "uid-1" },
    },
  });
  const status = { status: { phase } };
  return client.patch(persistentVolumeKind, { name: "disk" }, "merge", status, { subresource: "status" });
}
