import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import { startKubeletWorld } from "../../testing/kubelet-world.testing.ts";

test("a pod whose host port is one of a program of the node runs, and has an event that names the port", async (t) => {
  const files = await mkdtemp(path.join(os.tmpdir(), "fairlead-sandbox-"));
  t.after(() => rm(files, { recursive: true, force: true }));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  await using world = await startKubeletWorld({ files });
  const ports = [{ containerPort: 80, hostPort: address.port }];
  await world.create({ automountServiceAccountToken: false, containers: [{ name: "app", image: "tools", ports }] });
  await world.untilPod(({ status }) => status.phase === "Running");
  const event = await world.until("the event", async () => {
    const { items } = await world.client.list(eventKind, { namespace: "default" });
    return items.find(({ reason }) => reason === "HostPortConflict");
  });
  assert.equal(`${event.type} ${event.involvedObject.kind}`, "Warning Pod");
  assert.equal(
    event.message,
    `A program of the node listens at host port ${address.port}/TCP of container "app": new connections reach the pod instead`,
  );
});
