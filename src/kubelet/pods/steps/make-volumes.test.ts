import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { eventKind } from "@fairlead/api/core/v1/event/event";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import type { Client } from "@fairlead/client/client";
import { startKubeletWorld } from "../../testing/kubelet-world.testing.ts";

const settings = { namespace: "default", name: "settings" };
const spec: Draft<Pod["spec"]> = {
  automountServiceAccountToken: false,
  containers: [
    { name: "app", image: "tools:1", imagePullPolicy: "Never", volumeMounts: [{ name: "v", mountPath: "/v" }] },
  ],
  volumes: [{ name: "v", configMap: { name: "settings" } }],
};

test("a ConfigMap that changes while its pod is being made is in the pod's files", async () => {
  await using folder = await temporaryFolder();
  const watch = watchOfConfigMaps();
  let client: Client | undefined;
  await using world = await startKubeletWorld({
    files: folder.path,
    clientThrough: watch.through,
    runtimeThrough: (runtime) => ({
      ...runtime,
      // Meanwhile the kubelet has read the ConfigMap, and hears that it has changed.
      async runSandbox(config) {
        await watch.begun;
        await client?.patch(configMapKind, settings, "merge", { data: { color: "green" } });
        await watch.told;
        return runtime.runSandbox(config);
      },
    }),
  });
  client = world.client;
  await world.runtime.pullImage("docker.io/library/tools:1", undefined);
  await client.create(configMapKind, { metadata: settings, data: { color: "blue" } });
  const pod = await world.create(spec);
  await world.untilPod(({ status }) => status.phase === "Running");
  const file = path.join(volumeOf(pod, folder.path), "color");
  await world.until("the new file", async () => (await readFile(file, "utf8")) === "green" || undefined);
});

test("a container whose ConfigMap is gone is started again with the files that are there", async () => {
  await using folder = await temporaryFolder();
  await using world = await startKubeletWorld({ files: folder.path });
  await world.runtime.pullImage("docker.io/library/tools:1", undefined);
  await world.client.create(configMapKind, { metadata: settings, data: { color: "blue" } });
  const pod = await world.create(spec);
  const { status } = await world.untilPod((found) => found.status.phase === "Running");
  await world.client.delete(configMapKind, settings);
  await world.until("the kubelet to miss the ConfigMap", async () => {
    const { items } = await world.client.list(eventKind, { namespace: "default" });
    return items.some(({ reason }) => reason === "FailedMount") || undefined;
  });
  await world.runtime.stopContainer(status.containerStatuses?.[0]?.containerID?.replace(/^.*\/\//, "") ?? "", 0);
  const again = await world.untilPod(({ status: { containerStatuses = [] } }) =>
    containerStatuses.some(({ restartCount, state }) => restartCount === 1 && state?.running !== undefined),
  );
  assert.equal(again.status.phase, "Running");
  assert.equal(await readFile(path.join(volumeOf(pod, folder.path), "color"), "utf8"), "blue");

  await world.client.create(configMapKind, { metadata: settings, data: { shade: "dark" } });
  await world.until("the files of the new ConfigMap", async () => {
    const names = await readdir(volumeOf(pod, folder.path));
    return (names.includes("shade") && !names.includes("color")) || undefined;
  });
});

function volumeOf({ metadata }: Pod, files: string): string {
  return path.join(files, "kubelet/pods", metadata.uid, "volumes/kubernetes.io~configmap/v");
}

/** Resolves when the kubelet's watch of a ConfigMap has begun, and when it has received a change. */
function watchOfConfigMaps() {
  const begun = Promise.withResolvers<void>();
  const told = Promise.withResolvers<void>();
  return {
    begun: begun.promise,
    told: told.promise,
    through: (client: Client): Client => ({
      ...client,
      async *watch(kind, options) {
        const isConfigMaps = kind.plural === configMapKind.plural;
        if (isConfigMaps) begun.resolve();
        for await (const event of client.watch(kind, options)) {
          yield event;
          if (isConfigMaps && event.type === "MODIFIED") told.resolve();
        }
      },
    }),
  };
}

async function temporaryFolder() {
  const folder = await mkdtemp(path.join(os.tmpdir(), "pod-volumes-"));
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
